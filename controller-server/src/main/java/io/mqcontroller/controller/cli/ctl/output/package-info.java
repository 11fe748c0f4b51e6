/** What a command has to say, once, and how it is written: for people, or for programs. Pure: imports {@code java.*} and Jackson. */
package io.mqcontroller.controller.cli.ctl.output;
