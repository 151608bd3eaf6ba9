"use strict";
BCBV.start();
