"""Signing in by mail, and signing out."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.staff.forms import NameForm, SignInCodeForm, SignInForm, SignInLinkForm
from hackathon.staff.messages import send_sign_in_letter
from hackathon.staff.models import Account
from hackathon.staff.operations import WrongDigits, ask_to_sign_in, rename_account, spend_digits, spend_link
from hackathon.staff.queries import account_by_id
from hackathon.web.access import Door, open_to, sign_in_staff, sign_out_staff, signed_in_staff
from hackathon.web.addresses import local_address
from hackathon.web.limits import Limit, spend
from hackathon.web.settings import our_settings

bp = Blueprint("staff", __name__)

ASKED_AS = "asked_to_sign_in_as"
GOING_TO = "going_to"
# One hospital is one caller, so a caller gets many tries; one address gets few, because each is a letter.
LETTERS_TO_AN_ADDRESS = Limit("letters to an address", burst=5, every=timedelta(minutes=5))
LETTERS_FOR_A_CALLER = Limit("letters for a caller", burst=30, every=timedelta(seconds=30))
TRIES_OF_A_CALLER = Limit("tries of a caller", burst=60, every=timedelta(seconds=10))


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def sign_in() -> ResponseReturnValue:
    """Ask for a letter. The answer is the same whether or not the address has an account."""
    form = SignInForm.from_request()
    if form.submitted():
        email = form.values["email"]
        spend(LETTERS_FOR_A_CALLER, request.remote_addr or "")
        spend(LETTERS_TO_AN_ADDRESS, email.casefold())
        try:
            with transaction() as database:
                words = ask_to_sign_in(database, email=email, secret=_secret())
                send_sign_in_letter(
                    database,
                    words,
                    email=email,
                    address=our_settings().address,
                    organisation=our_settings().organisation_name,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            session[ASKED_AS] = email
            session[GOING_TO] = local_address(request.args.get("next"), "")
            return redirect(url_for(".sign_in_code"))
    return render_template("staff/sign_in.html", form=form)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def sign_in_code() -> ResponseReturnValue:
    """Type the digits of the letter."""
    if not (email := session.get(ASKED_AS)):
        return redirect(url_for(".sign_in"))
    form, account = SignInCodeForm.from_request(), None
    if form.submitted():
        spend(TRIES_OF_A_CALLER, request.remote_addr or "")
        # The refusal is caught inside, so that the wrong try is counted and stays counted.
        with transaction() as database:
            try:
                account = spend_digits(database, email=email, secret=_secret(), **form.values)
            except WrongDigits as refusal:
                form.refuse(refusal)
    if account:
        return _welcome(account)
    return render_template("staff/sign_in_code.html", form=form, email=email, can_mail=bool(our_settings().smtp_url))


@bp.route("/sign-in/link/<token>", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def sign_in_link(token: str) -> ResponseReturnValue:
    """Opening the link changes nothing, because mail scanners open links. Its button signs in."""
    form = SignInLinkForm.from_request()
    if form.submitted():
        spend(TRIES_OF_A_CALLER, request.remote_addr or "")
        try:
            with transaction() as database:
                account = spend_link(database, token=token, secret=_secret())
        except Refusal as refusal:
            flash(refusal.message, "problem")
            return redirect(url_for(".sign_in"))
        return _welcome(account)
    return render_template("staff/sign_in_link.html", form=form)


@bp.route("/desk/you", methods=["GET", "POST"])
@open_to(Door.SIGNED_IN)
def you() -> ResponseReturnValue:
    account = account_by_id(reading(), signed_in_staff())
    form = NameForm.from_request(obj=account)
    if form.submitted():
        with transaction() as database:
            rename_account(database, account_by_id(database, signed_in_staff()), **form.values)
        return redirect(url_for("desk.events"))
    return render_template("staff/you.html", form=form, account=account)


@bp.post("/sign-out")
@open_to(Door.ANYONE)
def sign_out() -> ResponseReturnValue:
    sign_out_staff()
    flash("You are signed out.", "good")
    return redirect(url_for(".sign_in"))


def _welcome(account: Account) -> ResponseReturnValue:
    going_to = local_address(session.get(GOING_TO), url_for("desk.events"))
    sign_in_staff(account.id)
    return redirect(going_to)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
