// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Grpc.Core;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Protocol;

namespace TokenLedger.Cli.Network;

/// <summary>The key by which nodes know who asks, from a file: it never stands on a command line.</summary>
internal static class ApiKeyFile
{
    private const int MaxBytes = 1_024;

    /// <summary>What goes with every call; null when the context names no key.</summary>
    /// <exception cref="CliException">The file holds none, or a node would get it in cleartext.</exception>
    public static Metadata? Credentials(Session session, string? file, ImmutableArray<Uri> nodes)
    {
        if (file is null)
        {
            return null;
        }

        if (nodes.FirstOrDefault(static node => node.Scheme != Uri.UriSchemeHttps && !node.IsLoopback)
            is { } plain)
        {
            throw new CliException(
                "API_KEY_IN_CLEARTEXT", ExitCode.Auth,
                $"{ContextFile.Text(plain)} has no TLS, and would get your key in cleartext: nothing "
                    + "was sent.",
                "Whoever listens on the way could use it.", "Write https://host:port in the context.");
        }

        string key = InputFile.Text(session, file, MaxBytes).Split('\n')[0].Trim();
        return ApiKey.IsWellFormed(key)
            ? new Metadata { { ApiKey.MetadataKey, ApiKey.Header(key) } }
            : throw new CliException(
                "API_KEY_INVALID", ExitCode.Usage, $"The first line of {file} is no API key.",
                $"A key is {ApiKey.Prefix} and 43 more characters.",
                "Ask the node's operator for a key, or take apiKeyFile out of the context.");
    }
}
