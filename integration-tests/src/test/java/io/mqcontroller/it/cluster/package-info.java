/** Tests of what the scenarios rely on when they look at a broker from outside. */
package io.mqcontroller.it.cluster;
