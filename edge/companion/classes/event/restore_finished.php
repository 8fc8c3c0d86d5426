<?php
/**
 * A course was restored.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\event;

class restore_finished extends restore_event {
    #[\Override]
    protected function init() {
        parent::init();
        $this->data['crud'] = 'c';
    }

    #[\Override]
    public static function get_name() {
        return get_string('eventrestore_finished', 'block_courseferry');
    }

    #[\Override]
    public function get_description() {
        return "The user with id '$this->relateduserid' restored {$this->remote_course()} as the course with id '$this->courseid'.";
    }
}
