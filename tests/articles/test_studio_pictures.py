"""A picture never stands without words, tells nothing of its camera, and is not kept twice."""

import io
from typing import Any

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from community.core.db import db, unit_of_work
from community.media import store
from community.media.actions import keep_picture, render
from community.media.models import Picture
from tests.articles.studio import NEW, WORDS, stored, write
from tests.conftest import Browser


def photo(colour: str = "red", kind: str = "JPEG") -> bytes:
    """A photograph with a place and a camera in it."""
    image, made = Image.new("RGB", (900, 600), colour), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif[0x8825] = {1: "N", 2: (52.0, 4.0, 0.0)}
    image.save(made, kind, exif=exif)
    return made.getvalue()


def upload(browser: Browser, content: bytes, path: str = NEW, name: str = "holiday.jpg", **fields: str) -> Any:
    picture = (io.BytesIO(content), name)
    return browser.send(
        path, {**WORDS, "action": "draft", **fields, "picture": picture}, content_type="multipart/form-data"
    )


def test_an_upload_is_described_stripped_and_shown(as_editor: Browser) -> None:
    answer = upload(as_editor, photo(), picture_alt="A red coat on a hook.")
    assert answer.status_code == 303, answer.text[:2000]
    picture = stored(answer.location).picture
    assert (picture.alt, picture.label, picture.uploader_id) == ("A red coat on a hook.", "holiday.jpg", None)
    files = [store.place().get(picture.file(width)) for width in picture.widths]
    assert all(file and b"Secret" not in file and b"EXIF" not in file for file in files)
    assert as_editor.see(answer.location).css_first("img.editor__picture").attributes["alt"] == picture.alt


def test_a_picture_without_words_is_not_saved_and_not_lost(as_editor: Browser) -> None:
    answer = upload(as_editor, photo())
    page = HTMLParser(answer.text)
    assert answer.status_code == 422
    assert "Describe the picture in words" in page.css_first("#picture_alt-error").text()
    chosen = page.css_first("input[name=picture_id][checked]").attributes["value"]
    address = write(as_editor, picture_id=chosen, picture_alt="A red coat.")
    assert stored(address).picture.alt == "A red coat."
    assert db.session.query(Picture).count() == 1


def test_the_same_file_again_gives_the_picture_that_is_here(as_editor: Browser) -> None:
    first = stored(upload(as_editor, photo(), picture_alt="A red coat.").location)
    second = stored(upload(as_editor, photo(), name="other.jpg").location)
    assert second.picture_id == first.picture_id
    assert db.session.query(Picture).count() == 1


def test_other_words_for_the_same_picture_change_no_other_page(as_editor: Browser) -> None:
    first = upload(as_editor, photo(), picture_alt="A red coat.").location
    second = stored(upload(as_editor, photo(), picture_alt="What to wear.").location)
    assert (stored(first).picture.alt, second.picture.alt) == ("A red coat.", "What to wear.")
    assert second.picture.file(320) in store.place().names()


def test_words_of_the_picture_before_are_not_taken_for_a_new_one(as_editor: Browser) -> None:
    address = upload(as_editor, photo(), picture_alt="A red coat.").location
    answer = upload(as_editor, photo("blue"), path=address, picture_alt="A red coat.")
    assert answer.status_code == 422
    assert "Describe the picture" in answer.text


def test_a_chosen_picture_brings_its_own_words(as_editor: Browser) -> None:
    first = stored(upload(as_editor, photo(), picture_alt="A red coat.").location)
    address = upload(as_editor, photo("blue"), picture_alt="A blue coat.").location
    as_editor.send(
        address, {**WORDS, "picture_id": str(first.picture_id), "picture_alt": "A blue coat.", "action": "draft"}
    )
    assert stored(address).picture.alt == "A red coat."


def test_what_members_uploaded_is_not_offered_and_not_taken(as_editor: Browser, anna: Any) -> None:
    with unit_of_work():
        private = keep_picture(render(io.BytesIO(photo("green"))), "Annas garden", anna).id
    assert "Annas garden" not in as_editor.see(NEW).text()
    answer = as_editor.send(NEW, {**WORDS, "picture_id": str(private), "picture_alt": "Mine now", "action": "draft"})
    assert (answer.status_code, "no longer there" in answer.text) == (422, True)
    answer = upload(as_editor, photo("green"), picture_alt="A green wall.")
    assert stored(answer.location).picture_id != private


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.4", b"", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused_in_words(as_editor: Browser, content: bytes) -> None:
    answer = upload(as_editor, content, picture_alt="Something.")
    assert answer.status_code == 422
    page = HTMLParser(answer.text)
    assert "no picture that we can read" in page.css_first("#picture-error").text()
    assert page.css_first("input[name=title]").attributes["value"] == WORDS["title"]
