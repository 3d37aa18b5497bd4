
unit_test(credential uscc credential PkgConfig::jansson)
unit_test(credential number credential)

unit_test(credential merkle credential PkgConfig::jansson)
