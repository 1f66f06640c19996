using System.Globalization;
using Likeness;
using Likeness.Bench.Http;
using Likeness.Http.Avatars;
using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

// Usage: Likeness.Bench.Http PORT TREE [hop] [lazy] [uncounted] [queues=N]
// Fills TREE/avatar/HASH with the bytes that it serves itself, for a static file server to serve side by side.
var port = int.Parse(args[0], CultureInfo.InvariantCulture);
var tree = Path.Combine(args[1], "avatar");
var queues = args.FirstOrDefault(argument => argument.StartsWith("queues=", StringComparison.Ordinal));

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton<IPortraitStore, MemoryPortraits>();
builder.Services.AddSingleton<IImageRenderer, StillRenderer>();
builder.Services.AddSingleton(new DomainPolicies([new DomainPolicy { Domain = "example.org", Seen = args.Contains("uncounted") ? SeenCounting.Off : SeenCounting.Counts }]));
builder.Services.AddSingleton(new ImageGate(ImageLimits.Default));
builder.Services.AddSingleton<PortraitBook>();
builder.Services.AddSingleton<AddressBook>();
builder.Services.AddAvatars();
builder.Services.Configure<SocketTransportOptions>(options =>
{
    // As the server has it for the web.
    options.UnsafePreferInlineScheduling = !args.Contains("hop");
    options.WaitForDataBeforeAllocatingBuffer = args.Contains("lazy");
    options.IOQueueCount = queues is null ? options.IOQueueCount : int.Parse(queues[7..], CultureInfo.InvariantCulture);
});
builder.WebHost.ConfigureKestrel(server =>
{
    server.AddServerHeader = false;
    server.ListenLocalhost(port);
});

await using var app = builder.Build();
app.MapAvatars();
app.Services.SubscribeListeners();
Directory.CreateDirectory(tree);
var book = app.Services.GetRequiredService<PortraitBook>();
var store = app.Services.GetRequiredService<IPortraitStore>();
var random = new Random(80);
for (var number = 0; number < 10_000; number++)
{
    // 80 px JPEG avatars have two to four kilobytes.
    var bytes = new byte[random.Next(2_000, 4_000)];
    random.NextBytes(bytes);
    var identity = new Identity($"person{number}@example.org");
    await store.AddAddress(identity, identity.Value, Address.Email(identity.Value).Hashes);
    await book.Set(identity, new NewPortrait { Picture = Picture.Of(bytes, "image/jpeg", 80, 80) }, new(Origin.Command));
    await File.WriteAllBytesAsync(Path.Combine(tree, Address.Email(identity.Value).Md5.Text), bytes);
}

await app.RunAsync();
