/** Checkers of histories: each takes what clients saw and names every violation. Pure. */
package io.mqcontroller.it.check;
