using System.Collections.Immutable;
using Likeness.Imaging;
using Likeness.Xmpp.Server;

namespace Likeness.Server.Options;

/// <summary>How much one person, picture or stanza may take.</summary>
internal static class LimitKeys
{
    public static ImmutableArray<OptionKey> All { get; } =
    [
        Picture("largest-file", "10", "20", "Mebibytes of the largest picture file that is read.", 1, 100,
            (limits, number) => limits with { LargestFile = number * 1024L * 1024 }),
        Picture("most-megapixels", "50", "30", "Megapixels of the largest picture; half as many when it has to be held whole (interlaced, progressive, WebP, GIF).", 1, 400,
            (limits, number) => limits with { MaxPixels = number * 1_000_000L, MaxPixelsHeldWhole = number * 500_000L }),
        Chat("largest-stanza", "524288", "262144", "Bytes of the largest stanza; a larger one ends the stream.", 10_000, 16 * 1024 * 1024,
            (chat, number) => chat with { Limits = chat.Limits with { StanzaBytes = number } }),
        Chat("most-connections-per-client", "500", "100", "Chat connections from one IPv4 address or IPv6 /64; the machine itself is not counted.", 1, 1_000_000,
            (chat, number) => chat with { MaxConnectionsPerClient = number }),
        Chat("most-stanzas-per-second", "1000", "200", "Stanzas a chat connection may send evenly over time, ten seconds' worth at once; more is read later.", 1, 1_000_000,
            (chat, number) => chat with { MaxStanzasPerSecond = number }),
        Chat("most-kilobytes-per-second", "4096", "512", "Kibibytes a chat connection may send, counted the same way.", 16, 1_000_000,
            (chat, number) => chat with { MaxBytesPerSecond = number * 1024 }),
        new("release-tls-buffers", "yes", "no", "Whether OpenSSL is told to give back its buffers while a chat connection is quiet; the log says at start whether it does.",
            (options, values) => options with { Chat = options.Chat with { ReleasesTlsBuffers = OptionText.OneOf(values, "no", "yes") == 1 } }),
        Chat("most-resources", "20", "5", "Clients of one account that may be online.", 1, 1000,
            (chat, number) => chat with { MaxResources = number }),
        Chat("most-contacts", "1000", "200", "Contacts of one account.", 1, 100_000,
            (chat, number) => chat with { MaxRosterItems = number }),
        Chat("most-offline-messages", "100", "1000", "Messages kept for an account that is offline.", 0, 100_000,
            (chat, number) => chat with { MaxOfflineMessages = number }),
        Chat("most-offline-bytes", "33554432", "8388608", "Bytes of those messages.", 0, 1024 * 1024 * 1024,
            (chat, number) => chat with { MaxOfflineBytes = number }),
        new("archive", "yes", "no", "Whether what people write and are written, and what is said in rooms that are kept, is archived and can be read again from every device.",
            (options, values) => options with { Chat = options.Chat with { Archive = options.Chat.Archive with { IsOn = OptionText.YesOrNo(values) } } }),
        Chat("most-archived-messages", "100000", "1000000", "Messages in the archive of one person or one room; the oldest ones make room for new ones.", 100, 100_000_000,
            (chat, number) => chat with { Archive = chat.Archive with { MaxMessages = number } }),
        Chat("most-archived-megabytes", "256", "1024", "Mebibytes of those messages.", 1, 1_000_000,
            (chat, number) => chat with { Archive = chat.Archive with { MaxBytes = number * 1024L * 1024 } }),
        Chat("largest-vcard", "262144", "65536", "Bytes of a vCard without its photo.", 1024, 1024 * 1024,
            (chat, number) => chat with { MaxVCardBytes = number }),
        Chat("most-private-storage", "1048576", "262144", "Bytes of private XML of one account.", 0, 16 * 1024 * 1024,
            (chat, number) => chat with { MaxPrivateBytes = number }),
        Chat("most-pep", "10", "50", "Mebibytes of all that one account publishes by PEP, its avatar apart.", 1, 1024,
            (chat, number) => chat with { MaxPepBytes = number * 1024 * 1024 }),
    ];

    private static OptionKey Picture(string name, string byDefault, string example, string meaning, int least, int most, Func<ImageLimits, int, ImageLimits> apply) =>
        new(name, byDefault, example, meaning, (options, values) => options with { Pictures = apply(options.Pictures, OptionText.Number(values, least, most)) });

    private static OptionKey Chat(string name, string byDefault, string example, string meaning, int least, int most, Func<XmppServerOptions, int, XmppServerOptions> apply) =>
        new(name, byDefault, example, meaning, (options, values) => options with { Chat = apply(options.Chat, OptionText.Number(values, least, most)) });
}
