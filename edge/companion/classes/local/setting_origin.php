<?php
/**
 * The setting that holds the Worker's address: it takes an origin and nothing else.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

class setting_origin extends \admin_setting_configtext {
    #[\Override]
    public function validate($data) {
        return trim($data) === '' || worker_url::parse($data) ? true : get_string('notanorigin', 'block_courseferry');
    }

    #[\Override]
    public function write_setting($data) {
        return parent::write_setting(worker_url::parse($data)?->origin() ?? trim($data));
    }
}
