<?php
/**
 * The settings page.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * WooCommerce > Ripresa: where carts are sent, what is asked at the checkout, and how sending goes.
 */
class Ripresa_Admin {

	const PAGE       = 'ripresa';
	const CAPABILITY = 'manage_woocommerce';
	const HELLO      = 'ripresa_hello';

	/**
	 * Listen.
	 */
	public function listen() {
		add_action( 'admin_menu', array( $this, 'add_page' ), 60 );
		add_action( 'admin_init', array( $this, 'register' ) );
		add_action( 'admin_init', array( 'Ripresa_Sender', 'keep_sweeping' ) );
		add_action( 'admin_post_' . self::HELLO, array( $this, 'say_hello' ) );
		add_filter( 'option_page_capability_' . self::PAGE, array( $this, 'capability' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( RIPRESA_FILE ), array( $this, 'add_link' ) );
	}

	/**
	 * Who may change the settings.
	 *
	 * @return string
	 */
	public function capability() {
		return self::CAPABILITY;
	}

	/**
	 * The page's place in the menu.
	 */
	public function add_page() {
		add_submenu_page( 'woocommerce', __( 'Ripresa', 'ripresa' ), __( 'Ripresa', 'ripresa' ), self::CAPABILITY, self::PAGE, array( $this, 'show' ) );
	}

	/**
	 * A link to it from the list of plugins.
	 *
	 * @param string[] $links Those there are.
	 * @return string[]
	 */
	public function add_link( $links ) {
		$url = admin_url( 'admin.php?page=' . self::PAGE );
		array_unshift( $links, '<a href="' . esc_url( $url ) . '">' . esc_html__( 'Settings', 'ripresa' ) . '</a>' );
		return $links;
	}

	/**
	 * Tell WordPress of the option.
	 */
	public function register() {
		register_setting(
			self::PAGE,
			Ripresa_Settings::OPTION,
			array(
				'type'              => 'array',
				'sanitize_callback' => array( 'Ripresa_Settings', 'sanitize' ),
				'show_in_rest'      => false,
			)
		);
	}

	/**
	 * The page.
	 */
	public function show() {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			return;
		}
		$all = Ripresa_Settings::all();
		echo '<div class="wrap"><h1>' . esc_html__( 'Ripresa', 'ripresa' ) . '</h1>';
		settings_errors();
		$this->show_hello();
		echo '<form action="options.php" method="post">';
		settings_fields( self::PAGE );
		echo '<table class="form-table" role="presentation">';
		$this->show_row( 'address', __( 'Address', 'ripresa' ), 'url', $all['address'], __( 'The webhook address of this connection, as Ripresa shows it. Keep it to yourself.', 'ripresa' ) );
		$hint = '' === $all['secret'] ? __( 'The webhook secret of this connection.', 'ripresa' ) : __( 'A secret is kept. Leave this empty to keep it.', 'ripresa' );
		$this->show_row( 'secret', __( 'Secret', 'ripresa' ), 'password', '', $hint );
		$this->show_box( 'ask', __( 'At the checkout', 'ripresa' ), $all['ask'], __( 'Ask whether reminders are welcome. An address typed at the checkout is told to Ripresa only after a yes; without asking, never.', 'ripresa' ) );
		$this->show_row( 'text', __( 'The question', 'ripresa' ), 'text', $all['text'], Ripresa_Settings::consent_text() );
		$this->show_box( 'ask_sms', __( 'Text messages', 'ripresa' ), $all['ask_sms'], __( 'Ask at the checkout, in a box of its own, whether text messages are welcome. A number is told to Ripresa only after a yes.', 'ripresa' ) );
		$this->show_row( 'sms_text', __( 'The question about text messages', 'ripresa' ), 'text', $all['sms_text'], Ripresa_Settings::sms_text() );
		$this->show_box( 'members', __( 'Signed-in customers', 'ripresa' ), $all['members'], __( 'Tell Ripresa who a signed-in customer is. Whether she may be written to is decided there.', 'ripresa' ) );
		echo '</table>';
		submit_button();
		echo '</form>';
		$this->show_state();
		echo '</div>';
	}

	/**
	 * Call Ripresa once and go back to the page.
	 */
	public function say_hello() {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You may not do this.', 'ripresa' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( self::HELLO );
		$trouble = Ripresa_Settings::is_ready() ? Ripresa_Sender::try_out() : __( 'Address and secret are needed first.', 'ripresa' );
		set_transient( self::HELLO . get_current_user_id(), '' === $trouble ? 'ok' : $trouble, MINUTE_IN_SECONDS );
		Ripresa_Sender::wake();
		wp_safe_redirect( admin_url( 'admin.php?page=' . self::PAGE ) );
		exit;
	}

	/**
	 * How the call went.
	 */
	private function show_hello() {
		$said = get_transient( self::HELLO . get_current_user_id() );
		if ( ! is_string( $said ) || '' === $said ) {
			return;
		}
		delete_transient( self::HELLO . get_current_user_id() );
		if ( 'ok' === $said ) {
			$said  = __( 'Ripresa answers. Whether the secret is right it says on the page of the connection.', 'ripresa' );
			$class = 'notice-success';
		} else {
			$class = 'notice-error';
		}
		echo '<div class="notice ' . esc_attr( $class ) . '"><p>' . esc_html( $said ) . '</p></div>';
	}

	/**
	 * How sending goes.
	 */
	private function show_state() {
		$state = Ripresa_Sender::state();
		echo '<h2>' . esc_html__( 'Sending', 'ripresa' ) . '</h2><ul>';
		/* translators: %d: how many events. */
		echo '<li>' . esc_html( sprintf( __( 'Events waiting: %d', 'ripresa' ), Ripresa_Queue::count() ) ) . '</li>';
		if ( $state['sent_at'] > 0 ) {
			/* translators: %s: a date and time. */
			echo '<li>' . esc_html( sprintf( __( 'Sent last: %s', 'ripresa' ), wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $state['sent_at'] ) ) ) . '</li>';
		}
		if ( '' !== $state['trouble'] ) {
			/* translators: %s: what went wrong. */
			echo '<li>' . esc_html( sprintf( __( 'Trouble: %s', 'ripresa' ), $state['trouble'] ) ) . '</li>';
		}
		if ( $state['dropped'] > 0 ) {
			/* translators: %d: how many events. */
			echo '<li>' . esc_html( sprintf( __( 'Let go, because too many were waiting: %d', 'ripresa' ), $state['dropped'] ) ) . '</li>';
		}
		echo '</ul><form action="' . esc_url( admin_url( 'admin-post.php' ) ) . '" method="post">';
		echo '<input type="hidden" name="action" value="' . esc_attr( self::HELLO ) . '">';
		wp_nonce_field( self::HELLO );
		submit_button( __( 'Call Ripresa', 'ripresa' ), 'secondary', 'submit', false );
		echo '</form>';
	}

	/**
	 * A field of the form.
	 *
	 * @param string $name  Its name.
	 * @param string $label What it is.
	 * @param string $type  The kind of input.
	 * @param string $value What stands in it.
	 * @param string $hint  A sentence below it.
	 */
	private function show_row( $name, $label, $type, $value, $hint ) {
		$id = 'ripresa-' . $name;
		echo '<tr><th scope="row"><label for="' . esc_attr( $id ) . '">' . esc_html( $label ) . '</label></th><td>';
		echo '<input class="regular-text" autocomplete="off" type="' . esc_attr( $type ) . '" id="' . esc_attr( $id ) . '" name="' . esc_attr( Ripresa_Settings::OPTION . '[' . $name . ']' ) . '" value="' . esc_attr( $value ) . '">';
		echo '<p class="description">' . esc_html( $hint ) . '</p></td></tr>';
	}

	/**
	 * A box to tick.
	 *
	 * @param string $name  Its name.
	 * @param string $label What it is about.
	 * @param string $value yes or no.
	 * @param string $hint  What ticking it means.
	 */
	private function show_box( $name, $label, $value, $hint ) {
		echo '<tr><th scope="row">' . esc_html( $label ) . '</th><td><label>';
		echo '<input type="checkbox" value="yes" name="' . esc_attr( Ripresa_Settings::OPTION . '[' . $name . ']' ) . '"' . checked( 'yes', $value, false ) . '> ';
		echo esc_html( $hint ) . '</label></td></tr>';
	}
}
