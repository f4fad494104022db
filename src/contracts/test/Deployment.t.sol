// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Config, Deployment, Wiring} from "../script/Wiring.sol";
import {TLBridge} from "../src/TLBridge.sol";
import {TLToken} from "../src/TLToken.sol";
import {Base} from "./Base.sol";

/// @title What a deployment refuses, and what it leaves.
contract DeploymentTest is Base {
    function setUp() external {
        _start(4);
    }

    function test_Deploy_Deployer_KeepsNoRole() external {
        for (uint64 role = 0; role <= 5; ++role) {
            (bool member,) = d.manager.hasRole(role, address(network));
            _true(!member);
        }
        vm.startPrank(address(network));
        vm.expectRevert();
        bridge.pauseMint();
        vm.expectRevert();
        bridge.raiseLimit(address(token), _limits());
        vm.expectRevert();
        bridge.listToken(address(token), _limits());
        vm.expectRevert();
        d.eligibility.setHolder(NOBODY, 1, 1, SOON, false);
        vm.expectRevert();
        token.forcedTransfer(ALICE, BOB, 0);
        vm.expectRevert();
        token.setPolicy(d.denylist);
        vm.expectRevert();
        d.manager.grantRole(0, address(network), 0);
        vm.expectPartialRevert(TLToken.OnlyBridge.selector);
        token.crosschainMint(ALICE, 1);
        vm.stopPrank();
        (bool admin,) = d.manager.hasRole(0, address(d.governor.timelock()));
        _true(admin);
    }

    function test_Deploy_BadConfiguration_Refused() external {
        for (uint256 i = 0; i < 21; ++i) {
            (Config memory config, string memory reason) = _bad(i);
            vm.expectRevert(abi.encodeWithSelector(Wiring.BadConfig.selector, reason));
            network.check(config, address(network));
        }
        network.check(_config(), address(network));
    }

    function test_Deploy_OtherStateThanMeant_Refused() external {
        Config memory config = _config();
        network.checkDeployment(d, config, address(network));
        config.hot = cold;
        _notMeant(config, "hot set");
        config = _config();
        config.ledgerId = keccak256("another");
        _notMeant(config, "ledgerId");
        config = _config();
        ++config.tokens[1].limits.ceiling;
        _notMeant(config, "a token's ceiling");
        config = _config();
        config.guardians = _single(NOBODY);
        _notMeant(config, "a role's account");
        config = _config();
        config.timelockDelay = 72 hours;
        _notMeant(config, "the timelock's delay");
        vm.prank(GUARD);
        bridge.pauseMint();
        _notMeant(_config(), "pauses");
    }

    function _notMeant(Config memory config, string memory reason) private {
        vm.expectRevert(abi.encodeWithSelector(Wiring.BadDeployment.selector, reason));
        network.checkDeployment(d, config, address(network));
    }

    function _bad(uint256 i) private view returns (Config memory c, string memory reason) {
        c = _config();
        address[] memory none = new address[](0);
        address[] memory zero = new address[](1);
        if (i == 0) (c.ledgerId, reason) = (0, "ledgerId is zero");
        if (i == 1) (c.hot, reason) = (none, "fewer than 4 hot validators bear no fault");
        if (i == 2) (c.hot, reason) = (_single(ALICE), "fewer than 4 hot validators bear no fault");
        if (i == 3) (c.cold, reason) = (none, "fewer than 4 cold keys bear no fault");
        if (i == 4) (c.operators, reason) = (new string[](3), "each hot validator has one operator");
        if (i == 5) (c.guardians, reason) = (none, "nobody could pause");
        if (i == 6) (c.limiters, reason) = (none, "nobody could lower a limit");
        if (i == 7) (c.registrars, reason) = (none, "nobody could register");
        if (i == 8) (c.enforcers, reason) = (none, "nobody could enforce");
        if (i == 9) (c.pausers, reason) = (none, "nobody could pause transfers");
        if (i == 10) (c.timelockDelay, reason) = (48 hours - 1, "the timelock is shorter than 48 hours");
        if (i == 11) (c.hot, reason) = (new address[](4), "hot validators are not ascending, or zero");
        if (i == 12) (c.cold, reason) = (new address[](4), "cold keys are not ascending, or zero");
        if (i == 13) (c.cold, reason) = (c.hot, "a key is hot and cold");
        if (i == 14) (c.guardians, reason) = (zero, "a role's account is zero");
        if (i == 15) (c.pausers, reason) = (zero, "a role's account is zero");
        if (i == 16) (c.enforcers, reason) = (_single(address(network)), "the deployer would keep a role");
        if (i == 17) (c.operators[1], reason) = (c.operators[0], "an operator has more seats than may fail");
        if (i == 18) (c.operators[2], reason) = ("", "an operator has no name");
        if (i == 19) (c.holders[0].account, reason) = (address(0), "a holder's account is zero");
        if (i == 20) {
            (c.hot[2], c.hot[3]) = (c.hot[3], c.hot[2]);
            reason = "hot validators are not ascending, or zero";
        }
    }
}
