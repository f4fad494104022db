// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Index.Postgres;
using TokenLedger.Explorer.Tests.Index;

namespace TokenLedger.Explorer.Tests.Postgres;

/// <summary>A database of its own in the shared PostgreSQL.</summary>
internal sealed class PostgresHarness : IIndexHarness
{
    public string Database { get; } = PostgresCluster.Shared.CreateDatabase();

    public PostgresSettings Settings => PostgresCluster.Shared.SettingsOf(Database);

    public IIndexStore Open(Hash256 genesisHash) => PostgresIndexStore
        .OpenAsync(Settings, genesisHash, PostgresUse.Project, default).GetAwaiter().GetResult();

    public void Dispose() =>
        PostgresCluster.Shared.Execute("postgres", $"DROP DATABASE {Database} WITH (FORCE)");
}
