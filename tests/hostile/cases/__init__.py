"""The cases by kind; importing a module enters its cases."""
