<?php
/**
 * Somebody was enrolled in the copy that a colleague restored.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\event;

class copy_enrolled extends restore_event {
    #[\Override]
    protected function init() {
        parent::init();
        $this->data['crud'] = 'c';
    }

    #[\Override]
    public static function get_name() {
        return get_string('eventcopy_enrolled', 'block_courseferry');
    }

    #[\Override]
    public function get_description() {
        return "The user with id '$this->relateduserid' was enrolled in the course with id '$this->courseid', restored from {$this->remote_course()}.";
    }
}
