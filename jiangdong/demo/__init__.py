"""The demo district: invented, except for what the article of 2014 names; built by calling the actions."""
