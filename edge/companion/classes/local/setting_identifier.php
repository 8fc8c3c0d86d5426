<?php
/**
 * A setting that names a table or a column of the database: it takes only what a name can be.
 *
 * Whether the database has it is looked up where it is used, since the three settings change one after the other.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\local;

class setting_identifier extends \admin_setting_configtext {
    #[\Override]
    public function validate($data) {
        return preg_match('/^[a-z][a-z0-9_]*$/D', $data) ? true : get_string('notaname', 'block_courseferry');
    }
}
