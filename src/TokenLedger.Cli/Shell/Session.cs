// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;

namespace TokenLedger.Cli.Shell;

/// <summary>One run of one command: what was typed, the world, and what both lead to.</summary>
internal sealed class Session : IDisposable
{
    private readonly GlobalOptions _globals;
    private readonly Lazy<ContextFile?> _context;
    private readonly Lazy<AddressBook> _addresses;
    private LedgerConnection? _connection;

    public Session(CliEnvironment environment, ParseResult parsed, GlobalOptions globals)
    {
        Environment = environment;
        Parsed = parsed;
        _globals = globals;
        IsQuiet = parsed.GetValue(globals.Quiet);
        Talk = new Talk(environment, IsQuiet);
        Output = new Renderer(environment, FormatOf(parsed, globals));
        _context = new Lazy<ContextFile?>(ResolveContext);
        _addresses = new Lazy<AddressBook>(() => new AddressBook(_context.Value));
        AssetProofs = new AssetProofs(this);
    }

    public CliEnvironment Environment { get; }

    public ParseResult Parsed { get; }

    public bool IsQuiet { get; }

    public Talk Talk { get; }

    public Renderer Output { get; }

    public AddressBook Addresses => _addresses.Value;

    /// <summary>What is proved of assets; kept for this command only.</summary>
    public AssetProofs AssetProofs { get; }

    /// <summary>The context; null when there is none.</summary>
    public ContextFile? Context => _context.Value;

    public string? From => Parsed.GetValue(_globals.From);

    public string? PasswordFile => Parsed.GetValue(_globals.PasswordFile);

    /// <summary>The file of --ca, absolute; null when it was not passed.</summary>
    public string? CaFile =>
        Parsed.GetValue(_globals.Ca) is { } file ? Environment.FullPath(file) : null;

    public TimeSpan Timeout => Parsed.GetValue(_globals.Timeout) is { } text
        ? Durations.Parse(text, "--timeout")
        : GlobalOptions.DefaultTimeout;

    public DateTimeOffset Now => Environment.Time.GetUtcNow();

    /// <summary>The nodes to ask.</summary>
    public LedgerConnection Connection => _connection ??= Connect();

    /// <summary>Unknown words default to a table, so that their complaint is readable.</summary>
    public static OutputFormat FormatOf(ParseResult parsed, GlobalOptions globals) =>
        parsed.GetResult(globals.Output) is { Errors: var errors } && errors.Any()
            ? OutputFormat.Table
            : Enum.TryParse(parsed.GetValue(globals.Output), ignoreCase: true, out OutputFormat format)
                ? format
                : OutputFormat.Table;

    public T Value<T>(Option<T> option) => Parsed.GetValue(option)!;

    public T Value<T>(Argument<T> argument) => Parsed.GetValue(argument)!;

    /// <summary>A connection whose nodes are vouched for by --ca or, failing that, by a context's file.
    /// </summary>
    /// <exception cref="CliException">The file is none of authorities, or --ca is of no use.</exception>
    public LedgerConnection Connect(ImmutableArray<Uri> nodes, NetworkIdentity? pinned, string? contextsCa)
    {
        Uri? plain = nodes.FirstOrDefault(node => node.Scheme != Uri.UriSchemeHttps);
        if (CaFile is not null && plain is not null)
        {
            throw CliException.Usage(
                $"{ContextFile.Text(plain)} has no TLS, so --ca would protect nothing.",
                next: "Write https://host:port, or leave out --ca.");
        }

        bool encrypted = nodes.Any(node => node.Scheme == Uri.UriSchemeHttps);
        ServerTrust? trust = encrypted && (CaFile ?? contextsCa) is { } file ? ServerTrust.Load(file) : null;
        return new LedgerConnection(
            nodes, Timeout, Environment.Time, pinned, trust, WarnOfStale,
            ApiKeyFile.Credentials(this, Context?.ApiKeyFile, nodes));
    }

    public void Dispose() => _connection?.Dispose();

    private void WarnOfStale(Uri node, DateTimeOffset since)
    {
        string at = since.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        Talk.Warn(
            $"Nothing becomes final at {ContextFile.Text(node)}: this is how it was at {at} UTC. "
            + "See: tl node status");
    }

    private ContextFile? ResolveContext()
    {
        ContextFile? context = new ContextStore(Environment).Resolve(Parsed.GetValue(_globals.Context));
        if (Parsed.GetValue(_globals.Endpoint) is not { } endpoint)
        {
            return context;
        }

        Uri node = ContextFile.Endpoint(endpoint);
        return context is null
            ? new ContextFile { Name = "(none)", Endpoints = [node] }
            : context with { Endpoints = [node] };
    }

    private LedgerConnection Connect() => Context is { Endpoints.IsEmpty: false } context
        ? Connect(context.Endpoints, NetworkIdentity.PinnedOrNull(context), context.CaFile)
        : throw new CliException(
            "NO_CONTEXT", ExitCode.Usage, "Nothing says which network to talk to.",
            "There is no --endpoint, no --context, no TL_CONTEXT, and no context in use.",
            "tl context create NAME --endpoint URL --genesis HASH --use");
}
