<?php
/**
 * The capabilities. Those that the block this one replaces also had keep its archetypes.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$capabilities = [
    // See the widget: at system level, or in any category where one may also create courses.
    'block/courseferry:view' => [
        'captype' => 'read',
        'contextlevel' => CONTEXT_COURSECAT,
        'archetypes' => ['coursecreator' => CAP_ALLOW, 'manager' => CAP_ALLOW],
    ],
    'block/courseferry:myaddinstance' => [
        'captype' => 'write',
        'contextlevel' => CONTEXT_SYSTEM,
        'archetypes' => ['coursecreator' => CAP_ALLOW, 'manager' => CAP_ALLOW],
    ],
    'block/courseferry:addinstance' => [
        'riskbitmask' => RISK_XSS,
        'captype' => 'write',
        'contextlevel' => CONTEXT_BLOCK,
        'archetypes' => ['manager' => CAP_ALLOW],
    ],
    // A remote course's name is a link to it.
    'block/courseferry:can_see_external_course_link' => [
        'riskbitmask' => RISK_PERSONAL,
        'captype' => 'read',
        'contextlevel' => CONTEXT_SYSTEM,
        'archetypes' => ['manager' => CAP_ALLOW],
    ],
    // The Manage pages: everybody's restores.
    'block/courseferry:manage' => [
        'riskbitmask' => RISK_PERSONAL | RISK_CONFIG,
        'captype' => 'write',
        'contextlevel' => CONTEXT_SYSTEM,
        'archetypes' => ['manager' => CAP_ALLOW],
    ],
    // Restore now, outside the nightly window.
    'block/courseferry:startnow' => [
        'captype' => 'write',
        'contextlevel' => CONTEXT_SYSTEM,
        'archetypes' => ['manager' => CAP_ALLOW],
    ],
    // Call the web services. For the Worker's service user only, hence no archetype.
    'block/courseferry:callservice' => [
        'riskbitmask' => RISK_PERSONAL | RISK_SPAM,
        'captype' => 'write',
        'contextlevel' => CONTEXT_SYSTEM,
        'archetypes' => [],
    ],
];
