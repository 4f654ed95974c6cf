// hiredis' reply reader alone; the connection code of hiredis is not used.
#include <hiredis/read.h>
#include <hiredis/hiredis.h>
