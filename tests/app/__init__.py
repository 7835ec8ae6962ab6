"""Tests of the app room, through its public doors."""
