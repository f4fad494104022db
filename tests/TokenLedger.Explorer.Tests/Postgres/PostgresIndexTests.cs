// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Tests.Index;

namespace TokenLedger.Explorer.Tests.Postgres;

[Trait("Category", "Interop")]
public sealed class PostgresIndexTests() : IndexStoreContract(new PostgresHarness());
