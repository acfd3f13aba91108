<?php
/**
 * Who a cart belongs to.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * Asks at the checkout, and tells an address only after its owner has said yes.
 *
 * The box stands under the fields of the classic checkout, and among the contact fields of the block checkout. A script
 * tells address and answer while the shopper is still there; without it they are told with the order.
 */
class Ripresa_Contact {

	const FIELD      = 'ripresa/consent';
	const FIELD_META = '_wc_other/ripresa/consent';
	const BOX        = 'ripresa_consent';
	const ENDPOINT   = 'ripresa_contact';
	const NONCE      = 'ripresa-contact';
	const SAID       = 'ripresa_said';
	const TRIES      = 'ripresa_tries';
	const MOST       = 20;
	const USERMETA   = '_ripresa_consent';
	const GRANTED    = 'granted';
	const DENIED     = 'denied';
	const NAME_LONG  = 100;

	/**
	 * Where events are told.
	 *
	 * @var Ripresa_Recorder
	 */
	private $recorder;

	/**
	 * Who asks for numbers, if the shop does.
	 *
	 * @var Ripresa_Phone|null
	 */
	private $phone = null;

	/**
	 * Make it.
	 *
	 * @param Ripresa_Recorder $recorder Where events are told.
	 */
	public function __construct( Ripresa_Recorder $recorder ) {
		$this->recorder = $recorder;
	}

	/**
	 * Listen, if the shop asks at all.
	 */
	public function listen() {
		$asks_phone = 'yes' === Ripresa_Settings::get( 'ask_sms' );
		if ( ! self::asks() && ! $asks_phone ) {
			return;
		}
		add_action( 'wp_enqueue_scripts', array( $this, 'enqueue' ) );
		add_action( 'wc_ajax_' . self::ENDPOINT, array( $this, 'hear' ) );
		if ( $asks_phone ) {
			$this->phone = new Ripresa_Phone( $this->recorder );
			$this->phone->listen();
		}
		if ( ! self::asks() ) {
			return;
		}
		add_action( 'woocommerce_after_checkout_billing_form', array( $this, 'show_box' ) );
		add_action( 'woocommerce_init', array( $this, 'register_field' ) );
		add_action( 'woocommerce_checkout_order_processed', array( $this, 'with_classic_order' ), 10, 3 );
		add_action( 'woocommerce_store_api_checkout_order_processed', array( $this, 'with_block_order' ) );
		add_action( 'woocommerce_set_additional_field_value', array( $this, 'with_account_field' ), 10, 4 );
		add_filter( 'woocommerce_get_default_value_for_' . self::FIELD, array( $this, 'prefill' ) );
	}

	/**
	 * The customer who is logged in, as her account has her: what she types at the checkout is another matter.
	 *
	 * @return array A contact block.
	 */
	public static function member() {
		$user = wp_get_current_user();
		return array_filter(
			array(
				'customer_id' => (string) $user->ID,
				'email'       => is_email( $user->user_email ) ? $user->user_email : '',
				'first_name'  => self::name( $user->first_name ),
				'last_name'   => self::name( $user->last_name ),
				'locale'      => self::locale(),
			)
		);
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
				'label' => esc_html( Ripresa_Settings::consent_text() ),
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
						'label'         => Ripresa_Settings::consent_text(),
						'optionalLabel' => Ripresa_Settings::consent_text(),
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
	 * The script, on the checkout alone.
	 */
	public function enqueue() {
		if ( ! is_checkout() || is_wc_endpoint_url() ) {
			return;
		}
		wp_enqueue_script(
			'ripresa-checkout',
			plugins_url( 'assets/checkout.js', RIPRESA_FILE ),
			array(),
			RIPRESA_VERSION,
			array(
				'in_footer' => true,
				'strategy'  => 'defer',
			)
		);
		wp_add_inline_script(
			'ripresa-checkout',
			'window.ripresaCheckout = ' . wp_json_encode(
				array(
					'url'   => WC_AJAX::get_endpoint( self::ENDPOINT ),
					'nonce' => wp_create_nonce( self::NONCE ),
				)
			) . ';',
			'before'
		);
	}

	/**
	 * What the script says: address, names, number and the state of the boxes.
	 */
	public function hear() {
		if ( ! check_ajax_referer( self::NONCE, 'nonce', false ) ) {
			wp_send_json_error( null, 403 );
		}
		$email   = isset( $_POST['email'] ) ? sanitize_email( wp_unslash( $_POST['email'] ) ) : '';
		$answers = isset( $_POST['consent'] );
		$granted = $answers && self::GRANTED === sanitize_key( wp_unslash( $_POST['consent'] ) );
		$names   = array(
			'first_name' => isset( $_POST['first_name'] ) ? sanitize_text_field( wp_unslash( $_POST['first_name'] ) ) : '',
			'last_name'  => isset( $_POST['last_name'] ) ? sanitize_text_field( wp_unslash( $_POST['last_name'] ) ) : '',
		);
		$phone   = isset( $_POST['phone'] ) ? sanitize_text_field( wp_unslash( $_POST['phone'] ) ) : '';
		$country = isset( $_POST['country'] ) ? sanitize_text_field( wp_unslash( $_POST['country'] ) ) : '';
		$texted  = isset( $_POST['sms_consent'] ) && self::GRANTED === sanitize_key( wp_unslash( $_POST['sms_consent'] ) );
		Ripresa_Plugin::safely(
			function () use ( $email, $answers, $granted, $names, $phone, $country, $texted ) {
				if ( self::asks() && $answers ) {
					$this->note( $email, $granted, $names );
				}
				if ( $this->phone ) {
					$this->phone->note( $phone, $country, $texted, $email );
				}
			}
		);
		wp_send_json_success();
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
		Ripresa_Plugin::safely(
			function () use ( $order, $granted ) {
				if ( $order instanceof WC_Order ) {
					$this->note( $order->get_billing_email(), $granted, self::names_of( $order ) );
				}
			}
		);
	}

	/**
	 * An order of the block checkout. Its field is read here and not as it is saved, for it is saved while she types:
	 * half an address may be somebody else's whole one.
	 *
	 * @param WC_Order $order The order.
	 */
	public function with_block_order( $order ) {
		Ripresa_Plugin::safely(
			function () use ( $order ) {
				if ( $order instanceof WC_Order ) {
					$granted = '1' === (string) $order->get_meta( self::FIELD_META );
					$this->note( $order->get_billing_email(), $granted, self::names_of( $order ) );
				}
			}
		);
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
		if ( self::FIELD !== $key || ! $holder instanceof WC_Customer || ( defined( 'REST_REQUEST' ) && REST_REQUEST ) ) {
			return;
		}
		$granted = true === $value || '1' === (string) $value;
		Ripresa_Plugin::safely(
			function () use ( $holder, $granted ) {
				$this->note( (string) $holder->get_billing_email(), $granted, self::names_of( $holder ) );
			}
		);
	}

	/**
	 * Tell an answer, once. No answer at all is no refusal: only who had said yes can take it back.
	 *
	 * @param string $email   The address.
	 * @param bool   $granted Whether its owner said yes.
	 * @param array  $names   first_name and last_name, as far as known.
	 */
	private function note( $email, $granted, array $names ) {
		$email = strtolower( trim( (string) $email ) );
		if ( ! WC()->session || ! is_email( $email ) || ( ! $granted && ! self::has_granted() ) ) {
			return;
		}
		$state = $granted ? self::GRANTED : self::DENIED;
		$said  = $state . ' ' . wp_hash( $email );
		$tries = (int) WC()->session->get( self::TRIES, 0 );
		if ( WC()->session->get( self::SAID ) === $said || $tries >= self::MOST ) {
			return;
		}
		WC()->session->set( self::SAID, $said );
		WC()->session->set( self::TRIES, $tries + 1 );
		if ( is_user_logged_in() ) {
			update_user_meta( get_current_user_id(), self::USERMETA, $state );
		}
		$contact = array(
			'email'          => $email,
			'consent'        => array( 'email' => $state ),
			'consent_source' => 'checkout',
			'consent_text'   => Ripresa_Settings::consent_text(),
			'locale'         => self::locale(),
		);
		if ( ! $granted ) {
			$this->recorder->tell( 'consent.changed', array( 'contact' => $contact ) );
			return;
		}
		$parts = array( 'contact' => array_filter( array_merge( array_map( array( __CLASS__, 'name' ), $names ), $contact ) ) );
		$token = Ripresa_Recorder::token( true );
		$this->recorder->tell( 'contact.identified', $parts + array( 'cart' => array( 'token' => $token ) ) );
	}

	/**
	 * An address whose owner has said yes in this session; empty for any other.
	 *
	 * @param string $email The address.
	 * @return string
	 */
	public static function known( $email ) {
		$email = strtolower( trim( (string) $email ) );
		return WC()->session && WC()->session->get( self::SAID ) === self::GRANTED . ' ' . wp_hash( $email ) ? $email : '';
	}

	/**
	 * Whether the shop asks for addresses.
	 *
	 * @return bool
	 */
	private static function asks() {
		return 'yes' === Ripresa_Settings::get( 'ask' );
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
		return 0 === strpos( $said, self::GRANTED );
	}

	/**
	 * The names in an order or a customer.
	 *
	 * @param WC_Data $holder The order or the customer.
	 * @return array
	 */
	private static function names_of( $holder ) {
		return array(
			'first_name' => (string) $holder->get_billing_first_name(),
			'last_name'  => (string) $holder->get_billing_last_name(),
		);
	}

	/**
	 * A name, no longer than a name is.
	 *
	 * @param string $name What was typed.
	 * @return string
	 */
	private static function name( $name ) {
		$name = Ripresa_Cart::text( $name );
		return function_exists( 'mb_substr' ) ? mb_substr( $name, 0, self::NAME_LONG ) : substr( $name, 0, self::NAME_LONG );
	}

	/**
	 * The language of the page: it-IT.
	 *
	 * @return string
	 */
	private static function locale() {
		return implode( '-', array_slice( explode( '_', determine_locale() ), 0, 2 ) );
	}
}
