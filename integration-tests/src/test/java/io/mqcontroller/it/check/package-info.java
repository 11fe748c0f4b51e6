/** Tests of the checkers: each must pass a good history and reject every kind of bad one. */
package io.mqcontroller.it.check;
