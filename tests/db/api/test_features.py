"""Features over the API: listed, switched, and what is off is refused with a plain reason."""


def test_what_is_off_is_refused(world, ada, dan):
    assert all(each["is_on"] for each in ada.get("/shop/features").json())
    told = ada.send("patch", "/shop/features", {"campaigns": False}).json()
    assert [each["name"] for each in told if not each["is_on"]] == ["campaigns"]
    refused = ada.get("/campaigns")
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "campaigns is switched off for this shop",
    )
    assert dan.get("/campaigns").status_code == 200
    assert ada.send("patch", "/shop/features", {"fax": False}).status_code == 422
