<?php
/**
 * Thrown where the download does not go on just now. What came is kept, and a later process resumes.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

final class unreached extends \Exception {
}
