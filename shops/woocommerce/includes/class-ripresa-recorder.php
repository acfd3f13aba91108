<?php
/**
 * What happens to carts.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * Looks at the cart once, when the request is over, and tells what changed since the latest look.
 *
 * So nothing runs while a shopper waits for the cart, and it does not matter who changed it: the shop's pages, the Store
 * API, a log-in that merged two carts, or another plugin. What was told last is kept in WooCommerce's session.
 */
class Ripresa_Recorder {

	const TOKEN    = 'ripresa_cart';
	const TOLD     = 'ripresa_told';
	const AT       = 'ripresa_at_checkout';
	const ORDERED  = 'ripresa_ordered';
	const OWNER    = 'ripresa_owner';
	const USERMETA = '_ripresa_cart';
	const PATTERN  = '/^wc_[0-9a-f]{32}$/D';

	/**
	 * Where the shopper moved in this request: checkout.started, checkout.left or nothing.
	 *
	 * @var string
	 */
	private $move = '';

	/**
	 * Events of other parts, told after the cart itself.
	 *
	 * @var array[]
	 */
	private $further = array();

	/**
	 * Listen.
	 */
	public function listen() {
		add_action( 'woocommerce_cart_loaded_from_session', array( $this, 'check_owner' ), 5 );
		add_action( 'wp', array( $this, 'watch_page' ), 20 );
		// WooCommerce saves the session at 20.
		add_action( 'shutdown', array( $this, 'close' ), 10 );
	}

	/**
	 * The token of the shopper's cart.
	 *
	 * @param bool $is_needed Whether to make one if there is none.
	 * @return string Empty if there is none.
	 */
	public static function token( $is_needed ) {
		$token = (string) WC()->session->get( self::TOKEN, '' );
		if ( is_user_logged_in() ) {
			// The cart a customer left earlier: WooCommerce merges this one into it when she logs in.
			$hers  = (string) get_user_meta( get_current_user_id(), self::USERMETA, true );
			$token = preg_match( self::PATTERN, $hers ) ? $hers : $token;
		}
		if ( ! preg_match( self::PATTERN, $token ) ) {
			$token = $is_needed ? 'wc_' . bin2hex( random_bytes( 16 ) ) : '';
		}
		if ( '' !== $token ) {
			self::keep( $token );
		}
		return $token;
	}

	/**
	 * Is this still the session of whoever we know? A log-in moves a guest's session to her account. Whoever follows the
	 * address of somebody else's checkout (`session`) gets a copy of that session: its cart, but not its person.
	 */
	public function check_owner() {
		Ripresa_Plugin::safely(
			static function () {
				$session = WC()->session;
				$now     = $session ? (string) $session->get_customer_id() : '';
				$before  = $session ? (string) $session->get( self::OWNER, '' ) : '';
				if ( '' === $before || $before === $now ) {
					return;
				}
				// phpcs:ignore WordPress.Security.NonceVerification.Recommended
				$is_login = is_user_logged_in() && ! ctype_digit( $before ) && ! isset( $_GET['session'] );
				if ( ! $is_login ) {
					foreach ( array( self::TOKEN, self::TOLD, self::AT, self::ORDERED, Ripresa_Contact::SAID, Ripresa_Contact::TRIES, Ripresa_Phone::SAID ) as $key ) {
						$session->set( $key, null );
					}
				}
				$session->set( self::OWNER, $now );
			}
		);
	}

	/**
	 * Go on with a cart that was begun elsewhere. A customer who is logged in has a cart of her own and keeps it: a link
	 * that somebody passed on must not make two people one.
	 *
	 * @param string $token The other cart's.
	 */
	public static function adopt( $token ) {
		if ( preg_match( self::PATTERN, $token ) && ! is_user_logged_in() ) {
			WC()->session->set( self::TOKEN, $token );
			WC()->session->set( self::OWNER, (string) WC()->session->get_customer_id() );
			WC()->session->set( self::TOLD, null );
			WC()->session->set( self::ORDERED, null );
		}
	}

	/**
	 * An order was made of this cart: when the cart is emptied now, nobody gave it up.
	 *
	 * @param int $order_id Its id.
	 */
	public static function ordered( $order_id ) {
		if ( WC()->session ) {
			WC()->session->set( self::ORDERED, (int) $order_id );
		}
	}

	/**
	 * Tell an event about this cart when the request is over.
	 *
	 * @param string $type  Its type.
	 * @param array  $parts Its parts.
	 */
	public function tell( $type, array $parts ) {
		$this->further[] = self::event( $type, $parts );
	}

	/**
	 * A page is shown: has the shopper gone to the checkout, or back from it?
	 */
	public function watch_page() {
		Ripresa_Plugin::safely(
			function () {
				if ( ! self::is_page_view() || ! WC()->cart || ! WC()->session || WC()->cart->is_empty() ) {
					return;
				}
				$was_there = 'yes' === WC()->session->get( self::AT );
				$is_there  = is_checkout();
				// Paying for an order, or thanks for it: neither a beginning nor a way back.
				if ( $is_there !== $was_there && ! ( $is_there && is_wc_endpoint_url() ) ) {
					WC()->session->set( self::AT, $is_there ? 'yes' : null );
					$this->move = $is_there ? 'checkout.started' : 'checkout.left';
				}
			}
		);
	}

	/**
	 * The request is over: queue what there is to tell.
	 */
	public function close() {
		Ripresa_Plugin::safely(
			function () {
				// A cart that nobody asked for in this request is not loaded for our sake.
				if ( ! did_action( 'woocommerce_cart_loaded_from_session' ) || ! WC()->cart || ! WC()->session ) {
					return;
				}
				$events = array_merge( $this->cart_events(), $this->further );

				$this->further = array();
				$this->move    = '';
				foreach ( $events as $event ) {
					Ripresa_Queue::put( $event );
				}
				if ( $events ) {
					Ripresa_Sender::wake();
				}
			}
		);
	}

	/**
	 * What is to be told of the cart itself.
	 *
	 * @return array[] Events.
	 */
	private function cart_events() {
		$now  = Ripresa_Cart::fingerprint( WC()->cart );
		$told = (string) WC()->session->get( self::TOLD, '' );
		if ( '' === $now ) {
			return '' === $told ? array() : $this->emptied();
		}
		$before = (string) WC()->session->get( self::TOKEN, '' );
		$token  = self::token( true );
		$events = array();
		if ( '' !== $told && '' !== $before && $before !== $token ) {
			// What the guest had is in the customer's cart now; nobody is to be reminded of it twice.
			$events[] = self::event( 'cart.emptied', array( 'cart' => array( 'token' => $before ) ) );
			$told     = '';
		}
		if ( $now !== $told ) {
			WC()->session->set( self::TOLD, $now );
			$events[] = self::event( 'cart.updated', array( 'cart' => Ripresa_Cart::block( WC()->cart, $token ) ) );
		}
		if ( '' !== $this->move ) {
			$events[] = self::event( $this->move, array( 'cart' => array( 'token' => $token ) ) );
		}
		return $events;
	}

	/**
	 * Nothing is in it any more: bought, or given up.
	 *
	 * @return array[] Events.
	 */
	private function emptied() {
		$token = self::token( false );
		$order = (int) WC()->session->get( self::ORDERED, 0 );
		WC()->session->set( self::TOLD, null );
		WC()->session->set( self::AT, null );
		// A gateway empties the cart at once; a shopper takes out line by line.
		if ( $order && ( did_action( 'woocommerce_cart_emptied' ) || ! self::is_unpaid( $order ) ) ) {
			self::forget();
			return array();
		}
		return '' === $token ? array() : array( self::event( 'cart.emptied', array( 'cart' => array( 'token' => $token ) ) ) );
	}

	/**
	 * Whether an order came to nothing so far.
	 *
	 * @param int $order_id Its id.
	 * @return bool
	 */
	private static function is_unpaid( $order_id ) {
		$order = wc_get_order( $order_id );
		return ! $order || $order->has_status( array( 'pending', 'failed', 'cancelled', 'checkout-draft' ) );
	}

	/**
	 * An event with what all have: id, instant, browser and, for a customer who is logged in, who it is.
	 *
	 * @param string $type  Its type.
	 * @param array  $parts Its parts.
	 * @return array
	 */
	private static function event( $type, array $parts ) {
		$event = array(
			'id'          => 'woocommerce-plugin:' . wp_generate_uuid4(),
			'type'        => $type,
			'occurred_at' => self::instant(),
		);
		if ( isset( $_SERVER['HTTP_USER_AGENT'] ) ) {
			$event['user_agent'] = substr( sanitize_text_field( wp_unslash( $_SERVER['HTTP_USER_AGENT'] ) ), 0, 1000 );
		}
		if ( ! isset( $parts['contact'] ) && 'cart.updated' === $type && is_user_logged_in() && 'yes' === Ripresa_Settings::get( 'members' ) ) {
			$event['contact'] = Ripresa_Contact::member();
		}
		return array_filter( array_merge( $event, $parts ) );
	}

	/**
	 * Now, with its fraction: what happens within one second keeps its order.
	 *
	 * @return string RFC 3339.
	 */
	private static function instant() {
		static $latest = 0;
		$latest        = max( $latest + 1, (int) ( microtime( true ) * 1000000 ) );
		return gmdate( 'Y-m-d\TH:i:s', intdiv( $latest, 1000000 ) ) . sprintf( '.%06dZ', $latest % 1000000 );
	}

	/**
	 * Whether somebody looks at a page: not a script's call, a picture that is missing, or a browser that reads ahead.
	 *
	 * @return bool
	 */
	private static function is_page_view() {
		if ( is_admin() || wp_doing_ajax() || wp_doing_cron() || is_404() || is_feed() || is_robots() || is_favicon() || get_query_var( 'checkout-link' ) ) {
			return false;
		}
		// phpcs:disable WordPress.Security
		$method  = isset( $_SERVER['REQUEST_METHOD'] ) ? $_SERVER['REQUEST_METHOD'] : 'GET';
		$into    = isset( $_SERVER['HTTP_SEC_FETCH_DEST'] ) ? $_SERVER['HTTP_SEC_FETCH_DEST'] : 'document';
		$purpose = ( isset( $_SERVER['HTTP_SEC_PURPOSE'] ) ? $_SERVER['HTTP_SEC_PURPOSE'] : '' ) . ( isset( $_SERVER['HTTP_PURPOSE'] ) ? $_SERVER['HTTP_PURPOSE'] : '' );
		return 'GET' === $method && 'document' === $into && false === stripos( $purpose, 'prefetch' ) && ! isset( $_GET['wc-ajax'] ) && ! isset( $_GET[ Ripresa_Restore::LINES ] );
		// phpcs:enable WordPress.Security
	}

	/**
	 * Keep the token with the session and, for a customer, with her account.
	 *
	 * @param string $token The token.
	 */
	private static function keep( $token ) {
		if ( WC()->session->get( self::TOKEN ) !== $token ) {
			WC()->session->set( self::TOKEN, $token );
			WC()->session->set( self::OWNER, (string) WC()->session->get_customer_id() );
		}
		if ( is_user_logged_in() && get_user_meta( get_current_user_id(), self::USERMETA, true ) !== $token ) {
			update_user_meta( get_current_user_id(), self::USERMETA, $token );
		}
	}

	/**
	 * The cart has become an order: the next one is another cart.
	 */
	private static function forget() {
		WC()->session->set( self::TOKEN, null );
		WC()->session->set( self::ORDERED, null );
		if ( is_user_logged_in() ) {
			delete_user_meta( get_current_user_id(), self::USERMETA );
		}
	}
}
