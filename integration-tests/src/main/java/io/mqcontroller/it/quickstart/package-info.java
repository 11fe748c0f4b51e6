/** What {@code bin/quickstart} runs: the product at work on one machine, in a minute, with the times of what happens. */
package io.mqcontroller.it.quickstart;
