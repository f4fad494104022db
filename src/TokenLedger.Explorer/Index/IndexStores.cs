// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Configuration;
using TokenLedger.Explorer.Index.Embedded;
using TokenLedger.Explorer.Index.Postgres;

namespace TokenLedger.Explorer.Index;

/// <summary>Opens the index that a configuration names.</summary>
internal static class IndexStores
{
    /// <summary>Opens it for what the process does.</summary>
    /// <exception cref="Storage.StorageFault">It cannot be used.</exception>
    /// <exception cref="IndexUnavailableException">It cannot be used now.</exception>
    public static async Task<IIndexStore> OpenAsync(
        ExplorerOptions options, CancellationToken cancellationToken) =>
        options.Postgres is not { } postgres
            ? EmbeddedGenerations.Open(options.DataFolder, options.GenesisHash)
            : await PostgresIndexStore.OpenAsync(
                postgres, options.GenesisHash,
                options.Role == ExplorerRole.Web ? PostgresUse.Read : PostgresUse.Project, cancellationToken)
                .ConfigureAwait(false);
}
