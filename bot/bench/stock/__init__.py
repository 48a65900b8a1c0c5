"""Stock Rasa 3.6 beside us: installed, given our data as a plain project, trained and run, all of it outside the project."""
