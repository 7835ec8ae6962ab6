"""What a person does, through the real command line in processes of its own."""
