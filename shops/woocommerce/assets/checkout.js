/**
 * Tells the shop's own server the address at the checkout, and only once its owner has ticked the box.
 * Works on the classic checkout and on the block checkout; whatever happens in here, the checkout goes on.
 */
( function () {
	'use strict';

	var settings = window.ripresaCheckout;
	var told = '';
	var granted = false;

	if ( ! settings || ! window.fetch || ! window.URLSearchParams ) {
		return;
	}

	function value( selectors ) {
		var field = document.querySelector( selectors );
		return field && field.value ? field.value.trim() : '';
	}

	function look() {
		var box = document.querySelector( '#ripresa_consent, #contact-ripresa-consent' );
		var email = value( '#billing_email, #email' );
		var said;
		if ( ! box || ! /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test( email ) || ( ! box.checked && ! granted ) ) {
			return;
		}
		said = ( box.checked ? 'granted ' : 'denied ' ) + email;
		if ( said === told ) {
			return;
		}
		told = said;
		granted = box.checked;
		window.fetch( settings.url, {
			method: 'POST',
			credentials: 'same-origin',
			keepalive: true,
			body: new window.URLSearchParams( {
				nonce: settings.nonce,
				email: email,
				consent: box.checked ? 'granted' : 'denied',
				first_name: value( '#billing_first_name, #shipping-first_name, #billing-first_name' ),
				last_name: value( '#billing_last_name, #shipping-last_name, #billing-last_name' )
			} )
		} ).catch( function () {
			told = '';
		} );
	}

	// The block checkout draws its fields late and again, so the document listens for all of them.
	[ 'change', 'focusout' ].forEach( function ( kind ) {
		document.addEventListener( kind, function () {
			window.setTimeout( look, 0 );
		} );
	} );
}() );
