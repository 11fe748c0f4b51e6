/** What clients saw: sends with their outcome, messages that could be read. Values only; no thread. */
package io.mqcontroller.it.history;
