"""What is measured of the library, apart from its tests."""
