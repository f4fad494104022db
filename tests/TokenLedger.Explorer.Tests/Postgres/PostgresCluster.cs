// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using TokenLedger.Explorer.Index.Postgres;

namespace TokenLedger.Explorer.Tests.Postgres;

/// <summary>
/// PostgreSQL itself, private to these tests: it listens on a socket in its own folder, and ends when this
/// process does, however that is.
/// </summary>
internal sealed class PostgresCluster : IDisposable
{
    private const string Port = "5432";

    private static readonly Lazy<PostgresCluster> LazyShared = new(static () =>
    {
        PostgresCluster cluster = Create();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Dispose();
        return cluster;
    });

    private readonly string _folder;
    private readonly string _data;
    private Process? _server;
    private int _databases;

    private PostgresCluster(string folder)
    {
        _folder = folder;
        _data = Path.Combine(folder, "data");
    }

    /// <summary>What the server and those of its processes that have ended have used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            string process = File.ReadLines(Path.Combine(_data, "postmaster.pid")).First();
            string[] fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ');

            // utime, stime, cutime, cstime: fields 14 to 17, in hundredths of a second.
            return TimeSpan.FromMilliseconds(
                10 * fields[11..15].Sum(static one => long.Parse(one, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>One that many tests use, each with a database of its own.</summary>
    public static PostgresCluster Shared => LazyShared.Value;

    /// <summary>A new, empty one, running.</summary>
    /// <param name="synced">Whether it survives a loss of power, as one of production does.</param>
    public static PostgresCluster Create(bool synced = false)
    {
        var cluster = new PostgresCluster(NewFolder());
        Run("initdb", "-D", cluster._data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C",
            "-N");
        File.AppendAllText(
            Path.Combine(cluster._data, "postgresql.conf"),
            $"fsync = {(synced ? "on" : "off")}\nmax_connections = 60\nshared_buffers = 64MB\n"
                + "max_wal_size = 512MB\nhot_standby = on\nhot_standby_feedback = on\n"
                + "wal_receiver_status_interval = 1s\n");
        cluster.Start();
        return cluster;
    }

    /// <summary>A standby that streams from this one, running.</summary>
    public PostgresCluster CreateReplica()
    {
        var replica = new PostgresCluster(NewFolder());
        Run("pg_basebackup", "-h", _folder, "-p", Port, "-U", "postgres", "-D", replica._data, "-R", "-X",
            "stream", "-c", "fast", "-N");
        replica.Start();
        return replica;
    }

    /// <summary>A new database.</summary>
    public string CreateDatabase()
    {
        string name = $"index_{Interlocked.Increment(ref _databases)}";
        Execute("postgres", $"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>How to come to a database.</summary>
    public PostgresSettings SettingsOf(
        string database, string user = "postgres", string? passwordFile = null) =>
        new($"Host={_folder};Port={Port};Database={database};Username={user};Timeout=5", passwordFile);

    /// <summary>Runs a statement as the one who may everything.</summary>
    /// <returns>The first column of its first row; null for none.</returns>
    public object? Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection(SettingsOf(database).Connection + ";Pooling=false");
        connection.Open();
#pragma warning disable CA2100 // Texts of tests.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    /// <summary>Adds a line before all others that say who may come in.</summary>
    public void Authenticate(string line)
    {
        string path = Path.Combine(_data, "pg_hba.conf");
        File.WriteAllText(path, line + "\n" + File.ReadAllText(path));
        Execute("postgres", "SELECT pg_reload_conf()");
    }

    /// <summary>Ends the server at once, as a crash would.</summary>
    public void Stop()
    {
        if (_server is { } server)
        {
            _server = null;
            server.StandardInput.Close();
            server.WaitForExit();
            server.Dispose();
        }
    }

    /// <summary>Starts it, and waits until it answers.</summary>
    public void Start()
    {
        // The shell waits for the end of its input, which comes when this process stops or dies.
        string run = $"{AsPostgres()} {Program("postgres")} -D {_data} -k {_folder} -p {Port} -h '' & it=$!;"
            + " read _; kill -QUIT $it; wait $it";
        _server = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", run },
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _server.OutputDataReceived += static (_, _) => { };
        _server.ErrorDataReceived += static (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        var watch = Stopwatch.StartNew();
        while (true)
        {
            using Process ready = StartProgram("pg_isready", "-q", "-h", _folder, "-p", Port);
            ready.WaitForExit();
            if (ready.ExitCode == 0)
            {
                return;
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "PostgreSQL did not start in a minute");
        }
    }

    public void Dispose()
    {
        Stop();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string NewFolder()
    {
        string folder = Directory.CreateTempSubdirectory("tokenledger-pg-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = Process.Start("chown", ["postgres", folder]);
            chown.WaitForExit();
            Assert.Equal(0, chown.ExitCode);
        }

        return folder;
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = StartProgram(program, arguments);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {error}");
    }

    private static Process StartProgram(string program, params string[] arguments)
    {
        string[] line = [.. AsPostgres().Split(' ', StringSplitOptions.RemoveEmptyEntries), Program(program)];
        return Process.Start(new ProcessStartInfo(line[0], [.. line[1..], .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = program != "pg_isready",
            WorkingDirectory = "/",
        })!;
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string AsPostgres() => Environment.IsPrivilegedProcess
        ? "setpriv --reuid=postgres --regid=postgres --init-groups"
        : "";

    private static string Program(string name) => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql")
            .OrderByDescending(static folder => int.Parse(
                Path.GetFileName(folder), CultureInfo.InvariantCulture))
            .Select(folder => Path.Combine(folder, "bin", name)).First(File.Exists)
        : name;
}
