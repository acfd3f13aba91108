<?php
/**
 * What every test begins with.
 *
 * @package Ripresa
 */

require_once __DIR__ . '/wordpress.php';
require_once __DIR__ . '/woocommerce.php';
World::$now = new World();
require_once dirname( __DIR__ ) . '/ripresa.php';
require_once __DIR__ . '/class-shop.php';
