using System.Diagnostics;

namespace Likeness.Interop.Tests.Hosting;

/// <summary>Debian's Prosody in the foreground, and what each of its configurations here has.</summary>
internal static class Prosody
{
    /// <param name="modules">Beside those that pictures and contacts need.</param>
    /// <param name="more">Settings, then hosts and components.</param>
    public static Task Configure(string folder, int clientPort, string logLevel, IEnumerable<string> modules, string more) => File.WriteAllTextAsync(FileIn(folder), $$"""
        daemonize = false
        run_as_root = true
        prosody_user = "root"
        prosody_group = "root"
        pidfile = "{{folder}}/prosody.pid"
        data_path = "{{folder}}/prosody"
        log = { {{logLevel}} = "*console" }
        interfaces = { "127.0.0.1" }
        local_interfaces = { "127.0.0.1" }
        c2s_ports = { {{clientPort}} }
        c2s_require_encryption = false
        allow_unencrypted_plain_auth = true
        authentication = "internal_hashed"
        storage = "internal"
        modules_enabled = { "disco"; "roster"; "saslauth"; "pep"; "vcard4"; "vcard_legacy"; "ping"; {{string.Join("; ", modules.Select(module => $"\"{module}\""))}} }
        {{more}}
        """);

    public static string FileIn(string folder) => Path.Combine(folder, "prosody.cfg.lua");

    public static ProcessStartInfo Command(string folder) => new("prosody", ["--root", "-F", "--config", FileIn(folder)]);
}

/// <summary>Debian's ejabberd in a node without distribution, in the foreground, and what each of its configurations here has.</summary>
internal static class Ejabberd
{
    /// <param name="listen">Lines below <c>listen:</c>.</param>
    /// <param name="modules">Lines below <c>modules:</c>, beside those that pictures and contacts need.</param>
    /// <param name="pubSub">More options of <c>mod_pubsub</c>, with a comma before them.</param>
    /// <param name="more">Settings of their own.</param>
    public static async Task Configure(string folder, string domain, string logLevel, string listen, string modules, string more, string pubSub = "")
    {
        Directory.CreateDirectory(Path.Combine(folder, "ejabberd"));
        await File.WriteAllTextAsync(Path.Combine(folder, "ejabberd.yml"), $$"""
            hosts: ["{{domain}}"]
            loglevel: {{logLevel}}
            auth_password_format: scram
            default_db: mnesia
            registration_timeout: infinity
            {{more}}
            listen:
            {{Indented(listen)}}
            modules:
              mod_avatar: {}
              mod_caps: {}
              mod_disco: {}
              mod_pubsub: {access_createnode: all, plugins: [flat, pep]{{pubSub}} }
              mod_register: {ip_access: all, access: all, access_from: all}
              mod_roster: {}
              mod_vcard: {search: false}
              mod_vcard_xupdate: {}
            {{Indented(modules)}}

            """);
        await ExternalProgram.Do("chown", "-R", "ejabberd:ejabberd", folder);
        await ExternalProgram.Do("chmod", "755", folder);
    }

    public static ProcessStartInfo Command(string folder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("setpriv", ["--reuid", "ejabberd", "--regid", "ejabberd", "--clear-groups", "erl", "+K", "true", "-noinput", "-mnesia", "dir", $"\"{folder}/ejabberd\"", "-s", "ejabberd"]);
        foreach (var (name, value) in environment.Concat(
        [
            ("ERL_LIBS", "/usr/lib/x86_64-linux-gnu"), ("ERL_CRASH_DUMP_BYTES", "0"), ("HOME", folder),
            ("EJABBERD_CONFIG_PATH", $"{folder}/ejabberd.yml"), ("EJABBERD_LOG_PATH", $"{folder}/ejabberd.log"),
        ]))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static string Indented(string lines) => string.Join('\n', lines.Split('\n').Select(line => $"  {line}"));
}
