<?php
/**
 * Whether somebody may be texted.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * A box of its own at the checkout, and a number told only after its owner has said yes to text messages: what she said
 * of e-mail says nothing of them.
 *
 * The number is told as it was typed, with the country it was typed for: Ripresa knows how numbers are written there.
 */
class Ripresa_Phone {

	const FIELD      = 'ripresa/sms-consent';
	const FIELD_META = '_wc_other/ripresa/sms-consent';
	const BOX        = 'ripresa_sms_consent';
	const SAID       = 'ripresa_sms_said';
	const USERMETA   = '_ripresa_sms_consent';
	const PATTERN    = '/^[0-9+().\/ -]{6,30}$/D';

	/**
	 * Where events are told.
	 *
	 * @var Ripresa_Recorder
	 */
	private $recorder;

	/**
	 * Make it.
	 *
	 * @param Ripresa_Recorder $recorder Where events are told.
	 */
	public function __construct( Ripresa_Recorder $recorder ) {
		$this->recorder = $recorder;
	}

	/**
	 * Listen.
	 */
	public function listen() {
		add_action( 'woocommerce_after_checkout_billing_form', array( $this, 'show_box' ), 11 );
		add_action( 'woocommerce_init', array( $this, 'register_field' ), 11 );
		add_action( 'woocommerce_checkout_order_processed', array( $this, 'with_classic_order' ), 11, 3 );
		add_action( 'woocommerce_store_api_checkout_order_processed', array( $this, 'with_block_order' ), 11 );
		add_action( 'woocommerce_set_additional_field_value', array( $this, 'with_account_field' ), 11, 4 );
		add_filter( 'woocommerce_get_default_value_for_' . self::FIELD, array( $this, 'prefill' ) );
	}

	/**
	 * The box of the classic checkout.
	 */
	public function show_box() {
		woocommerce_form_field(
			self::BOX,
			array(
				'type'  => 'checkbox',
				'class' => array( 'form-row-wide' ),
				'label' => esc_html( Ripresa_Settings::sms_text() ),
			),
			self::has_granted() ? 1 : 0
		);
	}

	/**
	 * The box of the block checkout (WooCommerce 8.9 and later).
	 */
	public function register_field() {
		if ( ! function_exists( 'woocommerce_register_additional_checkout_field' ) ) {
			return;
		}
		Ripresa_Plugin::safely(
			static function () {
				woocommerce_register_additional_checkout_field(
					array(
						'id'            => self::FIELD,
						'label'         => Ripresa_Settings::sms_text(),
						'optionalLabel' => Ripresa_Settings::sms_text(),
						'location'      => 'contact',
						'type'          => 'checkbox',
						'required'      => false,
					)
				);
			}
		);
	}

	/**
	 * Who has said yes in this session is not asked again, or an empty box would read as a refusal.
	 *
	 * @param mixed $value What WooCommerce knows of it.
	 * @return mixed
	 */
	public function prefill( $value ) {
		return null === $value && self::has_granted() ? true : $value;
	}

	/**
	 * An order of the classic checkout.
	 *
	 * @param int      $order_id Its id.
	 * @param array    $posted   The form's known fields.
	 * @param WC_Order $order    The order.
	 */
	public function with_classic_order( $order_id, $posted, $order ) {
		// WooCommerce has checked its own nonce for this form.
		// phpcs:ignore WordPress.Security.NonceVerification.Missing
		$granted = ! empty( $_POST[ self::BOX ] );
		$this->note_holder( $order instanceof WC_Order ? $order : null, $granted );
	}

	/**
	 * An order of the block checkout.
	 *
	 * @param WC_Order $order The order.
	 */
	public function with_block_order( $order ) {
		if ( $order instanceof WC_Order ) {
			$this->note_holder( $order, '1' === (string) $order->get_meta( self::FIELD_META ) );
		}
	}

	/**
	 * A customer changes her mind on the page of her account, where WooCommerce shows the field as well.
	 *
	 * @param string  $key    The field's.
	 * @param mixed   $value  Ticked or not.
	 * @param string  $group  Where it stands.
	 * @param WC_Data $holder Whom it is saved with.
	 */
	public function with_account_field( $key, $value, $group, $holder ) {
		if ( self::FIELD === $key && $holder instanceof WC_Customer && ! ( defined( 'REST_REQUEST' ) && REST_REQUEST ) ) {
			$this->note_holder( $holder, true === $value || '1' === (string) $value );
		}
	}

	/**
	 * Tell an answer, once. No answer at all is no refusal: only who had said yes can take it back.
	 *
	 * @param string $phone   The number, as it was typed.
	 * @param string $country The country it was typed for, as IT.
	 * @param bool   $granted Whether its owner said yes.
	 * @param string $email   Her address as well: told where she has said yes to mail, for a number alone is nobody's.
	 */
	public function note( $phone, $country, $granted, $email ) {
		$phone = trim( (string) $phone );
		if ( ! WC()->session || ! preg_match( self::PATTERN, $phone ) || ( ! $granted && ! self::has_granted() ) ) {
			return;
		}
		$email = Ripresa_Contact::known( $email );
		$state = $granted ? Ripresa_Contact::GRANTED : Ripresa_Contact::DENIED;
		$said  = $state . ' ' . wp_hash( $phone . ' ' . $email );
		$tries = (int) WC()->session->get( Ripresa_Contact::TRIES, 0 );
		if ( WC()->session->get( self::SAID ) === $said || $tries >= Ripresa_Contact::MOST ) {
			return;
		}
		WC()->session->set( self::SAID, $said );
		WC()->session->set( Ripresa_Contact::TRIES, $tries + 1 );
		if ( is_user_logged_in() ) {
			update_user_meta( get_current_user_id(), self::USERMETA, $state );
		}
		$contact = array(
			'email'          => $email,
			'phone'          => $phone,
			'phone_country'  => preg_match( '/^[A-Z]{2}$/D', (string) $country ) ? (string) $country : '',
			'consent'        => array( 'sms' => $state ),
			'consent_source' => 'checkout',
			'consent_text'   => Ripresa_Settings::sms_text(),
		);
		$parts   = array( 'contact' => array_filter( $contact ) );
		if ( $granted ) {
			$parts['cart'] = array( 'token' => Ripresa_Recorder::token( true ) );
		}
		$this->recorder->tell( $granted ? 'contact.identified' : 'consent.changed', $parts );
	}

	/**
	 * The answer that comes with an order or an account.
	 *
	 * @param WC_Data|null $holder  The order or the customer.
	 * @param bool         $granted Whether the box was ticked.
	 */
	private function note_holder( $holder, $granted ) {
		Ripresa_Plugin::safely(
			function () use ( $holder, $granted ) {
				if ( $holder ) {
					$this->note( (string) $holder->get_billing_phone(), (string) $holder->get_billing_country(), $granted, (string) $holder->get_billing_email() );
				}
			}
		);
	}

	/**
	 * Whether this shopper has said yes before.
	 *
	 * @return bool
	 */
	private static function has_granted() {
		$said = WC()->session ? (string) WC()->session->get( self::SAID, '' ) : '';
		if ( '' === $said && is_user_logged_in() ) {
			$said = (string) get_user_meta( get_current_user_id(), self::USERMETA, true );
		}
		return 0 === strpos( $said, Ripresa_Contact::GRANTED );
	}
}
