// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Limits, TokenState} from "../src/TLBooks.sol";
import {TLBridge} from "../src/TLBridge.sol";
import {TLDenylist} from "../src/TLDenylist.sol";
import {TLEligibility} from "../src/TLEligibility.sol";
import {TLGovernor} from "../src/TLGovernor.sol";
import {TLPolicy} from "../src/TLPolicy.sol";
import {TLToken} from "../src/TLToken.sol";
import {TLValidatorSet} from "../src/TLValidatorSet.sol";

struct TokenConfig {
    string name;
    string symbol;
    uint8 decimals;
    bool allowlist;
    Limits limits;
}

struct HolderConfig {
    address account;
    uint16 class;
    uint16 country;
    uint64 validUntil;
}

/// @param operators Who runs the hot validator of the same place.
struct Config {
    bytes32 ledgerId;
    address[] hot;
    string[] operators;
    address[] cold;
    address[] guardians;
    address[] limiters;
    address[] registrars;
    address[] enforcers;
    address[] pausers;
    uint256 timelockDelay;
    TokenConfig[] tokens;
    HolderConfig[] holders;
}

struct Deployment {
    AccessManager manager;
    TLValidatorSet validatorSet;
    TLBridge bridge;
    TLGovernor governor;
    TLEligibility eligibility;
    TLDenylist denylist;
    TLToken[] tokens;
}

/// @title How the contracts are made and joined, for a real deployment and for tests alike.
abstract contract Wiring {
    uint64 internal constant ADMIN = 0;
    uint64 internal constant GUARDIAN = 1;
    uint64 internal constant LIMITER = 2;
    uint64 internal constant REGISTRAR = 3;
    uint64 internal constant ENFORCER = 4;
    uint64 internal constant PAUSER = 5;

    error BadConfig(string reason);
    error BadDeployment(string reason);

    function _deploy(Config memory config, address deployer) internal returns (Deployment memory d) {
        _checkConfig(config, deployer);
        d.manager = new AccessManager(deployer);
        address authority = address(d.manager);
        d.validatorSet = new TLValidatorSet(config.ledgerId, config.hot, config.cold, authority);
        d.bridge = new TLBridge(d.validatorSet, authority);
        d.governor = new TLGovernor(d.bridge, config.timelockDelay);
        d.eligibility = new TLEligibility(authority);
        d.denylist = new TLDenylist(d.eligibility);
        d.tokens = new TLToken[](config.tokens.length);
        for (uint256 i = 0; i < config.tokens.length; ++i) {
            d.tokens[i] = _token(d, config.tokens[i], authority);
            d.bridge.listToken(address(d.tokens[i]), config.tokens[i].limits);
            _setFunctions(d.manager, address(d.tokens[i]), PAUSER, _one(TLToken.setPaused.selector));
            _setFunctions(d.manager, address(d.tokens[i]), ENFORCER, _enforcement());
        }
        _assign(d, config);
        _registerHolders(d, config.holders, deployer);
        d.manager.grantRole(ADMIN, address(d.governor.timelock()), 0);
        d.manager.renounceRole(ADMIN, deployer);
        _checkDeployment(d, config, deployer);
    }

    /// @dev What a deployment must never begin with.
    function _checkConfig(Config memory config, address deployer) internal pure {
        _require(config.ledgerId != 0, "ledgerId is zero");
        _require(config.hot.length >= 4, "fewer than 4 hot validators bear no fault");
        _require(config.cold.length >= 4, "fewer than 4 cold keys bear no fault");
        _require(config.operators.length == config.hot.length, "each hot validator has one operator");
        _require(config.guardians.length != 0, "nobody could pause");
        _require(config.limiters.length != 0, "nobody could lower a limit");
        _require(config.registrars.length != 0, "nobody could register");
        _require(config.enforcers.length != 0, "nobody could enforce");
        _require(config.pausers.length != 0, "nobody could pause transfers");
        _require(config.timelockDelay >= 48 hours, "the timelock is shorter than 48 hours");
        _requireAscending(config.hot, "hot validators are not ascending, or zero");
        _requireAscending(config.cold, "cold keys are not ascending, or zero");
        for (uint256 i = 0; i < config.hot.length; ++i) {
            _require(!_has(config.cold, config.hot[i]), "a key is hot and cold");
        }
        address[][5] memory roles =
            [config.guardians, config.limiters, config.registrars, config.enforcers, config.pausers];
        for (uint256 i = 0; i < roles.length; ++i) {
            _require(!_has(roles[i], address(0)), "a role's account is zero");
            _require(!_has(roles[i], deployer), "the deployer would keep a role");
        }
        _requireSeats(config.operators);
        for (uint256 i = 0; i < config.holders.length; ++i) {
            _require(config.holders[i].account != address(0), "a holder's account is zero");
        }
    }

    /// @dev Ronin's lesson of 2024: what was deployed is asked whether it is what was meant.
    function _checkDeployment(Deployment memory d, Config memory config, address deployer) internal view {
        TLValidatorSet set = d.validatorSet;
        _hold(set.ledgerId() == config.ledgerId, "ledgerId");
        _hold(set.epoch() == 1, "epoch");
        _hold(set.setHash() == keccak256(abi.encode(uint64(1), config.hot)), "hot set");
        _hold(set.coldSetHash() == keccak256(abi.encode(uint64(0), config.cold)), "cold set");
        _hold(set.quorum(config.hot.length) * 3 > config.hot.length * 2, "quorum");
        _hold(address(d.bridge.validatorSet()) == address(set), "the bridge's validator set");
        _hold(d.bridge.ledgerId() == config.ledgerId, "the bridge's ledgerId");
        _hold(d.bridge.burnNonce() == 0 && d.bridge.burnAcc() == 0, "burns");
        _hold(!d.bridge.mintPaused() && !d.bridge.burnPaused(), "pauses");
        for (uint256 i = 0; i < d.tokens.length; ++i) {
            TokenState memory state = d.bridge.state(address(d.tokens[i]));
            _hold(state.listed && state.minted == 0 && state.burned == 0, "a token's book");
            _hold(state.ceiling == config.tokens[i].limits.ceiling, "a token's ceiling");
            _hold(state.perItem == config.tokens[i].limits.perItem, "a token's item cap");
            _hold(state.mintAvailable == config.tokens[i].limits.mintCapacity, "a token's mint bucket");
            _hold(state.burnAvailable == config.tokens[i].limits.burnCapacity, "a token's burn bucket");
            _hold(d.tokens[i].bridge() == address(d.bridge), "a token's bridge");
            _hold(d.tokens[i].totalSupply() == 0, "a token's supply");
            _hold(d.tokens[i].decimals() == config.tokens[i].decimals, "a token's decimals");
            _hold(d.tokens[i].authority() == address(d.manager), "a token's authority");
        }
        for (uint256 i = 0; i < config.holders.length; ++i) {
            _hold(d.eligibility.isEligible(config.holders[i].account), "a holder");
        }
        _checkRoles(d, config, deployer);
    }

    function _checkRoles(Deployment memory d, Config memory config, address deployer) private view {
        TimelockController timelock = d.governor.timelock();
        _hold(timelock.getMinDelay() == config.timelockDelay, "the timelock's delay");
        _hold(timelock.hasRole(timelock.PROPOSER_ROLE(), address(d.governor)), "the proposer");
        _hold(!timelock.hasRole(timelock.PROPOSER_ROLE(), deployer), "the deployer proposes");
        _hold(!timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), deployer), "the deployer owns the timelock");
        for (uint64 role = ADMIN; role <= PAUSER; ++role) {
            (bool member,) = d.manager.hasRole(role, deployer);
            _hold(!member, "the deployer has a role");
        }
        (bool admin, uint32 delay) = d.manager.hasRole(ADMIN, address(timelock));
        _hold(admin && delay == 0, "the administrator");
        _holdAll(d, GUARDIAN, config.guardians);
        _holdAll(d, LIMITER, config.limiters);
        _holdAll(d, REGISTRAR, config.registrars);
        _holdAll(d, ENFORCER, config.enforcers);
        _holdAll(d, PAUSER, config.pausers);
        address bridge = address(d.bridge);
        _hold(d.manager.getTargetFunctionRole(bridge, TLBridge.raiseLimit.selector) == ADMIN, "raiseLimit");
        _hold(d.manager.getTargetFunctionRole(bridge, TLBridge.listToken.selector) == ADMIN, "listToken");
    }

    function _assign(Deployment memory d, Config memory config) private {
        AccessManager manager = d.manager;
        bytes4[] memory pauses = new bytes4[](2);
        (pauses[0], pauses[1]) = (TLBridge.pauseMint.selector, TLBridge.pauseBurn.selector);
        _setFunctions(manager, address(d.bridge), GUARDIAN, pauses);
        _setFunctions(
            manager, address(d.validatorSet), GUARDIAN, _one(TLValidatorSet.cancelRecovery.selector)
        );
        _setFunctions(manager, address(d.bridge), LIMITER, _one(TLBridge.lowerLimit.selector));
        _setFunctions(manager, address(d.bridge), ENFORCER, _one(TLBridge.enforcementBurn.selector));
        bytes4[] memory registers = new bytes4[](2);
        (registers[0], registers[1]) = (TLEligibility.setHolder.selector, TLEligibility.setVenue.selector);
        _setFunctions(manager, address(d.eligibility), REGISTRAR, registers);
        _grant(manager, GUARDIAN, "GUARDIAN", config.guardians);
        _grant(manager, LIMITER, "LIMITER", config.limiters);
        _grant(manager, REGISTRAR, "REGISTRAR", config.registrars);
        _grant(manager, ENFORCER, "ENFORCER", config.enforcers);
        _grant(manager, PAUSER, "PAUSER", config.pausers);
    }

    function _registerHolders(Deployment memory d, HolderConfig[] memory holders, address deployer) private {
        if (holders.length == 0) return;
        d.manager.grantRole(REGISTRAR, deployer, 0);
        for (uint256 i = 0; i < holders.length; ++i) {
            HolderConfig memory h = holders[i];
            d.eligibility.setHolder(h.account, h.class, h.country, h.validUntil, false);
        }
        d.manager.revokeRole(REGISTRAR, deployer);
    }

    function _token(Deployment memory d, TokenConfig memory token, address authority)
        private
        returns (TLToken)
    {
        TLPolicy policy = token.allowlist ? TLPolicy(d.eligibility) : TLPolicy(d.denylist);
        return new TLToken(
            token.name, token.symbol, token.decimals, address(d.bridge), d.eligibility, policy, authority
        );
    }

    function _grant(AccessManager manager, uint64 role, string memory label, address[] memory accounts)
        private
    {
        manager.labelRole(role, label);
        for (uint256 i = 0; i < accounts.length; ++i) {
            manager.grantRole(role, accounts[i], 0);
        }
    }

    function _setFunctions(AccessManager manager, address target, uint64 role, bytes4[] memory selectors)
        private
    {
        manager.setTargetFunctionRole(target, selectors, role);
    }

    function _holdAll(Deployment memory d, uint64 role, address[] memory accounts) private view {
        for (uint256 i = 0; i < accounts.length; ++i) {
            (bool member,) = d.manager.hasRole(role, accounts[i]);
            _hold(member, "a role's account");
        }
    }

    /// @dev Ronin's lesson of 2022: no operator has more seats than may fail.
    function _requireSeats(string[] memory operators) private pure {
        uint256 faults = (operators.length - 1) / 3;
        for (uint256 i = 0; i < operators.length; ++i) {
            bytes32 name = keccak256(bytes(operators[i]));
            _require(name != keccak256(""), "an operator has no name");
            uint256 seats = 0;
            for (uint256 j = 0; j < operators.length; ++j) {
                if (keccak256(bytes(operators[j])) == name) ++seats;
            }
            _require(seats <= faults, "an operator has more seats than may fail");
        }
    }

    function _enforcement() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](4);
        selectors[0] = TLToken.setAddressFrozen.selector;
        selectors[1] = TLToken.setFrozenTokens.selector;
        selectors[2] = TLToken.forcedTransfer.selector;
        selectors[3] = TLToken.recover.selector;
    }

    function _one(bytes4 selector) private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](1);
        selectors[0] = selector;
    }

    function _requireAscending(address[] memory accounts, string memory reason) private pure {
        address last = address(0);
        for (uint256 i = 0; i < accounts.length; ++i) {
            _require(accounts[i] > last, reason);
            last = accounts[i];
        }
    }

    function _has(address[] memory accounts, address account) private pure returns (bool) {
        for (uint256 i = 0; i < accounts.length; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }

    function _require(bool holds, string memory reason) private pure {
        if (!holds) revert BadConfig(reason);
    }

    function _hold(bool holds, string memory reason) private pure {
        if (!holds) revert BadDeployment(reason);
    }
}
