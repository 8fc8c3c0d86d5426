<?php
/**
 * A restore failed.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\event;

class restore_failed extends restore_event {
    #[\Override]
    protected function init() {
        parent::init();
        $this->data['crud'] = 'u';
    }

    #[\Override]
    public static function get_name() {
        return get_string('eventrestore_failed', 'block_courseferry');
    }

    #[\Override]
    public function get_description() {
        return "The user with id '$this->relateduserid' could not restore {$this->remote_course()}: {$this->other['error']}.";
    }
}
