"""The toolkit with which people run hackathons and unconferences that change how an organisation works."""
