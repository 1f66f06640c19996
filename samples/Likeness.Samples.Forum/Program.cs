using Likeness.Samples.Forum;

await using var forum = ForumSite.Build(args);
await forum.RunAsync();
