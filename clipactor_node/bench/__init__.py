"""What clipactor bench and clipactor eval measure."""
