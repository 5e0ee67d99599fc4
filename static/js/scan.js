// Reads QR codes from the camera, and says what stands in each: `await scan(video, readerUrl, found)`, which gives back
// what ends it. The browser's own reader is used where there is one; otherwise jsQR is fetched, from this site alone.

const LOOK_EVERY = 120;
const SAME_AGAIN = 3000;

async function reader(address) {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  await new Promise((done, failed) => {
    if (window.jsQR) return done();
    document.head.append(Object.assign(document.createElement("script"), { src: address, onload: done, onerror: failed }));
  });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    pen.drawImage(video, 0, 0);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    return window.jsQR(data, canvas.width, canvas.height, { inversionAttempts: "dontInvert" })?.data;
  };
}

export async function scan(video, readerUrl, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  let last = "";
  let seen = 0;
  let timer = 0;
  const end = () => {
    clearInterval(timer);
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  try {
    const [read] = await Promise.all([reader(readerUrl), video.play()]);
    let busy = false;
    timer = setInterval(async () => {
      if (busy || !video.videoWidth) return;
      busy = true;
      const words = await read(video).catch(() => "");
      busy = false;
      if (!words) return;
      // A ticket that is still held before the camera is read once.
      const again = words === last && Date.now() - seen < SAME_AGAIN;
      [last, seen] = [words, Date.now()];
      if (!again) found(words);
    }, LOOK_EVERY);
  } catch (problem) {
    end();
    throw problem;
  }
  return end;
}
