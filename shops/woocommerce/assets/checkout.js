/**
 * Tells the shop's own server the address, or the number, at the checkout, and only once its owner has ticked its box.
 * Works on the classic checkout and on the block checkout; whatever happens in here, the checkout goes on.
 */
( function () {
	'use strict';

	var settings = window.ripresaCheckout;
	var mail = { told: '', granted: false };
	var text = { told: '', granted: false };

	if ( ! settings || ! window.fetch || ! window.URLSearchParams ) {
		return;
	}

	function value( selectors ) {
		var field = document.querySelector( selectors );
		return field && field.value ? field.value.trim() : '';
	}

	/** Whether there is news of a box; `what` is what it speaks of. A box that was never ticked says nothing. */
	function isNews( box, state, what, pattern, beside ) {
		var said;
		if ( ! box || ! pattern.test( what ) || ( ! box.checked && ! state.granted ) ) {
			return false;
		}
		said = ( box.checked ? 'granted ' : 'denied ' ) + what + ' ' + beside;
		if ( said === state.told ) {
			return false;
		}
		state.told = said;
		state.granted = box.checked;
		return true;
	}

	function tell( state, words ) {
		words.nonce = settings.nonce;
		window.fetch( settings.url, {
			method: 'POST',
			credentials: 'same-origin',
			keepalive: true,
			body: new window.URLSearchParams( words )
		} ).catch( function () {
			state.told = '';
		} );
	}

	function look() {
		var box = document.querySelector( '#ripresa_consent, #contact-ripresa-consent' );
		var email = value( '#billing_email, #email' );
		var textBox = document.querySelector( '#ripresa_sms_consent, #contact-ripresa-sms-consent' );
		var phone = value( '#billing_phone, #shipping-phone, #billing-phone' );
		if ( isNews( box, mail, email, /^[^\s@]+@[^\s@]+\.[^\s@]+$/, '' ) ) {
			tell( mail, {
				email: email,
				consent: box.checked ? 'granted' : 'denied',
				first_name: value( '#billing_first_name, #shipping-first_name, #billing-first_name' ),
				last_name: value( '#billing_last_name, #shipping-last_name, #billing-last_name' )
			} );
		}
		// A number alone is nobody's: it is told beside the address, where that was told.
		email = mail.granted ? email : '';
		if ( isNews( textBox, text, phone, /^[0-9+().\/ -]{6,30}$/, email ) ) {
			tell( text, {
				email: email,
				phone: phone,
				country: value( '#billing_country, #shipping-country, #billing-country' ),
				sms_consent: textBox.checked ? 'granted' : 'denied'
			} );
		}
	}

	// The block checkout draws its fields late and again, so the document listens for all of them.
	[ 'change', 'focusout' ].forEach( function ( kind ) {
		document.addEventListener( kind, function () {
			window.setTimeout( look, 0 );
		} );
	} );
}() );
