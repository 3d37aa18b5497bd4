fuzz_target(text core)
