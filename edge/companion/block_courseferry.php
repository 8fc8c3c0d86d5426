<?php
/**
 * The block: it shows the widget to those who may use it. On its own it asks nothing and stores nothing.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use block_courseferry\local\people;
use block_courseferry\output\widget;

class block_courseferry extends block_base {
    #[\Override]
    public function init() {
        $this->title = get_string('pluginname', 'block_courseferry');
    }

    #[\Override]
    public function has_config() {
        return true;
    }

    #[\Override]
    public function applicable_formats() {
        return ['my' => true, 'site-index' => true];
    }

    #[\Override]
    public function get_content() {
        if ($this->content === null) {
            $this->content = (object)['text' => '', 'footer' => ''];
            if (people::may_see_widget()) {
                $this->content->text = widget::html($this->page->get_renderer('core'), 'block');
            }
        }
        return $this->content;
    }
}
