<?php
/**
 * Thrown where a process finds that its attempt was cancelled or replaced. Nothing failed: it just stops.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

final class superseded extends \Exception {
}
