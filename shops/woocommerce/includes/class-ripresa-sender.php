<?php
/**
 * Sending, in the background.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * Sends what waits, signed as WooCommerce signs its webhooks. Runs in Action Scheduler, never in a shopper's request.
 *
 * While Ripresa is away nothing is lost and nothing is hurried: the next try waits longer each time, up to an hour.
 */
class Ripresa_Sender {

	const JOB     = 'ripresa_send';
	const SWEEP   = 'ripresa_sweep';
	const GROUP   = 'ripresa';
	const STATE   = 'ripresa_state';
	const TOPIC   = 'ripresa.events';
	const BATCH   = 100;
	const BYTES   = 262144;
	const SECONDS = 20;
	const LONGEST = 3600;

	/**
	 * Have what waits sent soon. Costs a look at the scheduler's table, and a row if no job stands yet.
	 */
	public static function wake() {
		if ( function_exists( 'as_enqueue_async_action' ) ) {
			// Unique: while a later try is planned nothing is planned before it.
			as_enqueue_async_action( self::JOB, array(), self::GROUP, true );
		} elseif ( ! wp_next_scheduled( self::JOB ) ) {
			wp_schedule_single_event( time(), self::JOB );
		}
	}

	/**
	 * A safety net, once an hour, for what came in just as a job ended.
	 */
	public static function keep_sweeping() {
		if ( function_exists( 'as_has_scheduled_action' ) && ! as_has_scheduled_action( self::SWEEP, array(), self::GROUP ) ) {
			as_schedule_recurring_action( time() + HOUR_IN_SECONDS, HOUR_IN_SECONDS, self::SWEEP, array(), self::GROUP, true );
		}
	}

	/**
	 * Plan nothing any more.
	 */
	public static function stop() {
		if ( function_exists( 'as_unschedule_all_actions' ) ) {
			as_unschedule_all_actions( self::JOB, array(), self::GROUP );
			as_unschedule_all_actions( self::SWEEP, array(), self::GROUP );
		}
		wp_clear_scheduled_hook( self::JOB );
	}

	/**
	 * Send until nothing waits, time is up, or Ripresa does not answer.
	 */
	public static function run() {
		if ( ! Ripresa_Settings::is_ready() ) {
			return;
		}
		$until = time() + self::SECONDS;
		$most  = self::BATCH;
		while ( time() < $until ) {
			$some = self::within( Ripresa_Queue::peek( $most ) );
			if ( ! $some ) {
				return;
			}
			$answer = self::post( '[' . implode( ',', $some ) . ']', self::TOPIC );
			$status = is_wp_error( $answer ) ? 0 : (int) wp_remote_retrieve_response_code( $answer );
			if ( 413 === $status && count( $some ) > 1 ) {
				$most = max( 1, intdiv( count( $some ), 2 ) );
				continue;
			}
			if ( 413 === $status ) {
				self::note_dropped( 1 );
			} elseif ( $status < 200 || $status > 299 ) {
				self::try_later( $answer, $status );
				return;
			} else {
				self::note_sent();
			}
			Ripresa_Queue::drop( array_keys( $some ) );
		}
		self::plan( 1 );
	}

	/**
	 * Say hello, so that a wrong address is seen at once.
	 *
	 * @return string Empty, or what went wrong.
	 */
	public static function try_out() {
		$answer = self::post( '{}', 'ripresa.hello' );
		$status = is_wp_error( $answer ) ? 0 : (int) wp_remote_retrieve_response_code( $answer );
		return $status >= 200 && $status <= 299 ? '' : self::trouble( $answer, $status );
	}

	/**
	 * How sending goes.
	 *
	 * @return array{failures: int, trouble: string, sent_at: int, dropped: int}
	 */
	public static function state() {
		$known = array(
			'failures' => 0,
			'trouble'  => '',
			'sent_at'  => 0,
			'dropped'  => 0,
		);
		$kept  = get_option( self::STATE, array() );
		return array_merge( $known, is_array( $kept ) ? $kept : array() );
	}

	/**
	 * Count events that were let go.
	 *
	 * @param int $number How many.
	 */
	public static function note_dropped( $number ) {
		$state             = self::state();
		$state['dropped'] += $number;
		update_option( self::STATE, $state, false );
	}

	/**
	 * As many of them as fit into one call; the first always does.
	 *
	 * @param array<int, string> $waiting Id to JSON.
	 * @return array<int, string>
	 */
	private static function within( array $waiting ) {
		$bytes = 0;
		$some  = array();
		foreach ( $waiting as $id => $json ) {
			$bytes += strlen( $json ) + 1;
			if ( $some && $bytes > self::BYTES ) {
				break;
			}
			$some[ $id ] = $json;
		}
		return $some;
	}

	/**
	 * One signed call. A redirect is not followed: it would take the body somewhere else.
	 *
	 * @param string $body  JSON.
	 * @param string $topic What it is.
	 * @return array|WP_Error
	 */
	private static function post( $body, $topic ) {
		// WooCommerce decodes entities in the secrets of its webhooks; this one is the same secret.
		$secret = wp_specialchars_decode( Ripresa_Settings::get( 'secret' ), ENT_QUOTES );
		return wp_remote_post(
			Ripresa_Settings::get( 'address' ),
			array(
				'timeout'     => 10,
				'redirection' => 0,
				'user-agent'  => 'Ripresa for WooCommerce/' . RIPRESA_VERSION,
				'headers'     => array(
					'Content-Type'           => 'application/json',
					'X-WC-Webhook-Topic'     => $topic,
					'X-WC-Webhook-Source'    => home_url( '/' ),
					// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode
					'X-WC-Webhook-Signature' => base64_encode( hash_hmac( 'sha256', $body, $secret, true ) ),
				),
				'body'        => $body,
			)
		);
	}

	/**
	 * Note the trouble and plan the next try: after 1, 2, 4 ... minutes, or when Ripresa says.
	 *
	 * @param array|WP_Error $answer What came back.
	 * @param int            $status Its status; 0: none.
	 */
	private static function try_later( $answer, $status ) {
		$state             = self::state();
		$state['failures'] = min( 10, $state['failures'] + 1 );
		$state['trouble']  = self::trouble( $answer, $status );
		update_option( self::STATE, $state, false );
		$wait = min( self::LONGEST, MINUTE_IN_SECONDS * pow( 2, $state['failures'] - 1 ) );
		$told = $status ? (int) wp_remote_retrieve_header( $answer, 'retry-after' ) : 0;
		self::plan( min( self::LONGEST, max( $wait, $told ) ) );
	}

	/**
	 * Plan a job. Not as a unique one: that would count the one that is just running.
	 *
	 * @param int $seconds From now.
	 */
	private static function plan( $seconds ) {
		if ( function_exists( 'as_schedule_single_action' ) ) {
			as_schedule_single_action( time() + (int) $seconds, self::JOB, array(), self::GROUP );
		} else {
			wp_schedule_single_event( time() + (int) $seconds, self::JOB );
		}
	}

	/**
	 * Trouble, in words.
	 *
	 * @param array|WP_Error $answer What came back.
	 * @param int            $status Its status; 0: none.
	 * @return string
	 */
	private static function trouble( $answer, $status ) {
		if ( is_wp_error( $answer ) ) {
			return $answer->get_error_message();
		}
		if ( 404 === $status ) {
			return __( 'Ripresa does not know this address. Copy it again from the connection in Ripresa.', 'ripresa' );
		}
		/* translators: %d: an HTTP status such as 503. */
		return sprintf( __( 'Ripresa answered with status %d.', 'ripresa' ), $status );
	}

	/**
	 * Note that all is well, at most once a minute unless something was wrong.
	 */
	private static function note_sent() {
		$state = self::state();
		if ( $state['failures'] > 0 || time() - $state['sent_at'] >= MINUTE_IN_SECONDS ) {
			$state['failures'] = 0;
			$state['trouble']  = '';
			$state['sent_at']  = time();
			update_option( self::STATE, $state, false );
		}
	}
}
