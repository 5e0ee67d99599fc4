"""The ways out of the house: paper, mail, live streams, spreadsheets, QR codes and the jobs that take long."""
