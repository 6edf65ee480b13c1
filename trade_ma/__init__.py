"""Trade.ma: settings, database, security, the command line and the demo."""
