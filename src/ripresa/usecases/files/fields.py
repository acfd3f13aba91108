"""What may stand in the columns of a file, and what people call it. Plain letters, parted by blanks."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

_PERSON = {
    "email": "email emailaddress mail emailadresse adresaemail adresăemail indirizzoemail useremail"
    " customeremail billingemail почта",
    "phone": "phone phonenumber mobile mobilephone mobilephonenumber telefono cellulare telefon numar"
    " telefonnummer handy billingphone smsnumber телефон",
    "customer_id": "customerid customer clienteid kundennummer idclient userid contactid",
    "first_name": "firstname name1 vorname nome prenume givenname billingfirstname имя",
    "last_name": "lastname surname nachname cognome nume familyname billinglastname фамилия",
    "full_name": "name fullname customername contactname nominativo numecomplet billingname",
    "locale": "locale language lingua sprache limba preferredlanguage язык",
    "timezone": "timezone zeitzone fusoorario",
    "agent": "agent agente contactowner owner salesrep betreuer",
    "country": "country countryregion countrycode land paese nazione tara billingcountry"
    " shippingcountry addresscountrycode страна",
    "street": "street streetaddress address address1 indirizzo strasse straße adresa billingaddress1"
    " shippingaddress1",
    "street2": "street2 address2 billingaddress2 shippingaddress2",
    "postal_code": "postalcode zip zipcode postcode cap plz codpostal billingzip shippingzip",
    "city": "city citta città stadt ort oras oraș billingcity shippingcity",
    "region": "region state stateregion provincia bundesland judet province",
}
_CONSENT = {
    "email_consent": "emailconsent emailmarketing emailmarketingconsent newsletter acceptsmarketing"
    " acceptsemailmarketing emailsubscriptionstatus subscribed consensoemail",
    "sms_consent": "smsconsent smsmarketing smsmarketingconsent acceptssmsmarketing"
    " smssubscriptionstatus consensosms",
    "letter_consent": "letterconsent postalconsent lettermarketing",
    "consent_at": "consentat consentdate consenttimestamp optindate optintime dataconsenso"
    " emailmarketingconsenttimestamp dateofemailsubscriptionconfirmation"
    " emailsubscriptionconfirmationdate",
    "consent_source": "consentsource optinsource fonteconsenso",
    "consent_text": "consenttext optintext testoconsenso",
    "consent_version": "consentversion textversion",
    "consent_ip": "consentip optinip",
}
_CART_KEYS = {
    "cart_token": "carttoken cartid cart quoteid warenkorb carrello idcart",
    "checkout_id": "checkoutid checkouttoken",
}

_CONTACTS = {
    **_PERSON,
    **_CONSENT,
    "updated_at": "updatedat updated lastmodifieddate modified createdat created createdate dateadded"
    " profilecreatedon",
}
_ORDERS = {
    **_PERSON,
    **_CART_KEYS,
    "order_id": "orderid order ordernumber number bestellnummer ordine numeroordine comanda id",
    "number": "ordernumbershown displaynumber",
    "placed_at": "placedat orderdate date datecreated createdat paidat dataordine bestelldatum"
    " datacomenzii дата",
    "currency": "currency currencycode valuta währung waehrung moneda",
    "total": "total ordertotal totalprice grandtotal amount totale summe gesamt importo",
    "discount_total": "discount discounttotal discountamount sconto rabatt",
    "tax_total": "tax taxtotal taxes iva mwst tva",
    "shipping_total": "shipping shippingtotal shippingcost spedizione versand",
    "codes": "discountcode discountcodes coupon couponcode coupons codicesconto gutschein",
    "status": "status orderstatus financialstatus stato bestellstatus",
    "cancelled_at": "cancelledat canceledat cancellationdate",
    "refunded": "refunded refundedamount rimborsato erstattet",
    "refunded_at": "refundedat refunddate",
    "origin": "origin source channel saleschannel",
}
_CARTS = {
    **_PERSON,
    **_CART_KEYS,
    "cart_token": _CART_KEYS["cart_token"] + " token id recordid",
    "left_at": "leftat abandonedat abandoneddate date time updatedat lastactivity lastmodified"
    " createdat created createdate data datum дата",
    "currency": _ORDERS["currency"],
    "total": "total carttotal cartvalue value amount totale wert valore subtotal",
    "restore_url": "restoreurl recoveryurl abandonedcheckouturl carturl checkouturl url link",
    "contents": "contents cartcontents products items cart_contents productnames articoli prodotti"
    " artikel dealname",
    "sku": "sku itemsku lineitemsku artikelnummer",
    "product_id": "productid itemid variantid",
    "title": "title productname product itemname lineitemname prodotto artikelname",
    "variant": "variant varianttitle variante taglia",
    "quantity": "quantity qty itemquantity lineitemquantity quantita quantità menge anzahl",
    "unit_price": "unitprice price itemprice lineitemprice prezzo preis",
    "item_url": "itemurl producturl",
    "image_url": "imageurl image picture immagine bild",
}


class Kind(NamedTuple):
    """What a file may hold. One of each group of `needs` must have a column; `group` ties rows together."""

    words: Mapping[str, str]
    needs: Sequence[tuple[str, ...]]
    group: str | None
    amounts: tuple[str, ...]
    instants: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "contacts": Kind(
        _CONTACTS, [("email", "phone", "customer_id")], None, (), ("consent_at", "updated_at")
    ),
    "orders": Kind(
        _ORDERS,
        [("order_id",), ("placed_at",), ("total",)],
        "order_id",
        ("total", "discount_total", "tax_total", "shipping_total", "refunded"),
        ("placed_at", "cancelled_at", "refunded_at"),
    ),
    "carts": Kind(
        _CARTS,
        [("left_at",), ("email", "phone", "customer_id")],
        "cart_token",
        ("total", "unit_price"),
        ("left_at",),
    ),
}
