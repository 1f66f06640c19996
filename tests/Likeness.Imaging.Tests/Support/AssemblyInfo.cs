// libvips may resize on one thread at a time only.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
