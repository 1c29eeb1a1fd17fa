trap - ERR TERM
ecflow_client --complete
